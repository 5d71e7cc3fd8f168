/** A user of the command line who has a vault that opens by itself, and pairs of API tokens of a real server. @module */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createVaults, type Vaults } from '@tessera/client';
import { apiOf } from '../../../test/harness/http.ts';
import { secret } from '../../../test/harness/run-folder.ts';
import type { Server } from '../../../test/harness/server.ts';
import { type Given, newUser, type Result, type User } from './cli.ts';

export interface PairUser extends User {
  /** What opens the vault. */
  readonly env: Readonly<Record<string, string>>;
  /** The vaults, as the command line has them. */
  readonly vaults: Vaults;
  /** `us.nectar.services …` after the program's name; run within this process. */
  tessera(line: readonly string[], given?: Given): Promise<Result>;
  /** The same as a process. */
  tesseraProcess(line: readonly string[], given?: Given): Promise<Result>;
  /** What a secret holds; null: there is none. */
  stored(name: string): Promise<StoredPair | null>;
}

/** The text of a secret, as the specification has it. */
export interface StoredPair {
  readonly v: number;
  readonly kind: string;
  readonly fqdn: string;
  readonly identifier: string | null;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly accessExpiresAt: string | null;
  readonly refreshExpiresAt: string | null;
  readonly storedAt: string;
}

export function newPairUser(t: Pick<TestContext, 'after'>): PairUser {
  const user = newUser(t);
  const keyFile = join(user.home, 'vault.key');
  writeFileSync(keyFile, `${secret('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH')}\n`, { mode: 0o600 });
  const env = { TESSERA_VAULT_KEY_FILE: keyFile, XDG_RUNTIME_DIR: user.home };
  const vaults = createVaults({ folder: join(user.home, '.tessera'), env });
  const withEnv = ({ env: more, ...given }: Given = {}): Given => ({ ...given, env: { ...env, ...more } });
  return {
    ...user,
    env,
    vaults,
    tessera: (line, given) => user.run(['tessera', ...line], withEnv(given)),
    tesseraProcess: (line, given) => user.spawn(['tessera', ...line], withEnv(given)),
    stored: async (name) => JSON.parse((await vaults.get(name)) ?? 'null') as StoredPair | null,
  };
}

/** One who has signed in as the administrator. */
export async function newAdministrator(t: Pick<TestContext, 'after'>, server: Server): Promise<PairUser> {
  const user = newPairUser(t);
  const line = ['login', '--user', 'admin', '--password-stdin', '--url', server.url];
  const { code, stderr } = await user.tessera(line, { input: `${server.adminPassword}\n` });
  if (code !== 0) throw new Error(stderr);
  return user;
}

export interface GeneratedPair {
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A pair of the administrator's, fresh from the server. */
export async function generatePair(server: Server, name: string): Promise<GeneratedPair> {
  const api = apiOf(server.url);
  const credentials = { username: 'admin', password: server.adminPassword };
  const { body: signedIn } = await api.post('/api/v1/auth/tokens', credentials);
  const { status, body } = await api.post('/account/v1/api-tokens', { name }, { jwt: signedIn.jwt });
  if (status !== 201) throw new Error(`no API token: ${status}`);
  const pair = body as GeneratedPair;
  secret(pair.accessToken);
  secret(pair.refreshToken);
  return pair;
}

/** Which generation of its session an access token is of: how often the pair was renewed. */
export function generationOf(accessToken: string): number {
  const claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as {
    gen: number;
  };
  return claims.gen;
}

/** `127.0.0.1:PORT` */
export const hostOf = (server: Pick<Server, 'url'>): string => new URL(server.url).host;

/** Stored by `register`, without the values on a command line. */
export async function register(
  user: PairUser,
  host: string,
  pair: GeneratedPair,
  ...flags: string[]
): Promise<void> {
  const input = JSON.stringify({ accessToken: pair.accessToken, refreshToken: pair.refreshToken });
  const { code, stderr } = await user.tessera(['register', host, '--stdin', ...flags], { input });
  if (code !== 0) throw new Error(stderr);
}
