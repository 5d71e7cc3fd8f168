/** Users and sessions put into an installation directly, as copies of real ones: signing in would cost a password hash each. @module */
import { randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto';
import type { TesseraServer } from '@tessera/server';

export interface SeedOptions {
  readonly users: number;
  /** In all, the same number for each user. */
  readonly sessions: number;
  /** How many refresh tokens are wanted, of sessions spread evenly over all of them. */
  readonly tokens: number;
}

export interface Seeded {
  readonly usernames: readonly string[];
  /** Of the first generation, never used. */
  readonly refreshTokens: readonly string[];
}

export type Core = TesseraServer['core'];
type Query = Parameters<Core['database']['write']>[0][number]['query'];
type SessionRow = Awaited<ReturnType<typeof readModel>>['session'];

/** Rows of one statement; SQLite takes 32,766 parameters. */
const batchRows = 500;
const saltBytes = 16;

/** @param password the administrator's; every user gets the same */
export async function seed(server: TesseraServer, password: string, options: SeedOptions): Promise<Seeded> {
  const { app, core } = server;
  const payload = { username: 'admin', password, issueRefreshToken: true };
  await app.inject({ method: 'POST', url: '/api/v1/auth/tokens', payload });
  const model = await readModel(core);
  const usernames: string[] = [];
  const userIds: SessionRow['user_id'][] = [];
  for (const numbers of batches(options.users)) {
    const users = numbers.map((number) => userLike(model.user, number));
    await insert(core, core.database.queries.insertInto('users').values(users));
    const held = users.map(({ id }) => ({ ...model.assignment, user_id: id }));
    await insert(core, core.database.queries.insertInto('assignments').values(held));
    usernames.push(...users.map(({ username }) => username));
    userIds.push(...users.map(({ id }) => id));
  }
  return { usernames, refreshTokens: await seedSessions(core, model.session, userIds, options) };
}

/** What the administrator has. */
async function readModel({ database }: Core) {
  const { queries } = database;
  const [user] = await database.read(queries.selectFrom('users').selectAll());
  const [assignment] = await database.read(queries.selectFrom('assignments').selectAll());
  const [session] = await database.read(queries.selectFrom('sessions').selectAll());
  if (user === undefined || assignment === undefined || session === undefined)
    throw new Error('an administrator that has signed in has a role and a session');
  return { user, assignment, session };
}

function userLike<Row extends { readonly id: SessionRow['user_id'] }>(model: Row, number: number) {
  const username = `user${String(number).padStart(6, '0')}`;
  return { ...model, id: randomUUID() as Row['id'], username, username_key: username };
}

/** @returns the refresh tokens wanted */
async function seedSessions(
  core: Core,
  model: SessionRow,
  userIds: readonly SessionRow['user_id'][],
  options: SeedOptions,
): Promise<string[]> {
  const every = options.sessions / options.tokens;
  const tokens: string[] = [];
  for (const numbers of batches(options.sessions)) {
    const rows = numbers.map((number) => ({
      ...model,
      id: randomUUIDv7() as SessionRow['id'],
      user_id: userIds[number % userIds.length] ?? model.user_id,
      salt: randomBytes(saltBytes).toString('base64url'),
    }));
    await insert(core, core.database.queries.insertInto('sessions').values(rows));
    const wanted = rows.filter((_, at) => (numbers[at] ?? 0) % every < 1);
    tokens.push(...wanted.map((row) => tokenOf(core, row)));
  }
  return tokens;
}

function tokenOf({ refreshTokens }: Core, { id, mac_key: macKey, salt, generation }: SessionRow): string {
  return refreshTokens.write({ id, macKey, salt, generation }, null);
}

export async function insert({ database }: Pick<Core, 'database'>, query: Query): Promise<void> {
  await database.write([{ query, mustChange: 'any' }]);
}

/** Numbers from 0, in lists of a statement's rows. */
export function* batches(count: number): Generator<number[]> {
  for (let from = 0; from < count; from += batchRows)
    yield Array.from({ length: Math.min(batchRows, count - from) }, (_, at) => from + at);
}
