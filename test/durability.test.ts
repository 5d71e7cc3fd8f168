/** What the server has answered survives `kill -9`, and a session never has two living successors. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Dialect,
  dialectOf,
  errorOf,
  invalidToken,
  ok,
  readGrant,
  second,
} from './ciphertrust/dialect.ts';
import { forEachEngine } from './harness/engines.ts';
import type { Server } from './harness/server.ts';

const sessionCount = 20;
const renewalsWanted = 1_000;

/** What a client of one session has in hand. */
interface Holder {
  readonly clientId: string;
  /** Every refresh token acknowledged to it, oldest first. */
  readonly acknowledged: string[];
}

forEachEngine((engine) => {
  let server: Server;
  let dialect: Dialect;
  before(async () => {
    server = await engine.start();
    dialect = dialectOf(() => server);
  });
  after(() => server.stop());

  test('kill -9 in the middle of a thousand renewals: every acknowledged token works, one successor each', async () => {
    const holders = await Promise.all(
      Array.from({ length: sessionCount }, async (): Promise<Holder> => {
        const { refreshToken, clientId } = await dialect.grant();
        return { clientId, acknowledged: [refreshToken] };
      }),
    );
    await renewUntilKilled(dialect, holders);
    await server.restart();
    for (const holder of holders) await assertOneSuccessor(dialect, holder);
  });

  test('kill -9 while many renew the same token: whoever was answered holds the one successor', async () => {
    const { refreshToken } = await dialect.grant();
    const answered: string[] = [];
    const races = Array.from({ length: 200 }, async () => {
      const answer = await dialect.renew(refreshToken).catch(() => null);
      if (answer === null) return;
      answered.push(readGrant(answer).refreshToken);
      if (answered.length === 20) await server.kill9();
    });
    await Promise.all(races);
    assert.ok(answered.length >= 20);
    await server.restart();
    const successor = readGrant(await dialect.renew(refreshToken)).refreshToken;
    assert.deepEqual([...new Set(answered)], [successor]);
    ok(await dialect.refresh(successor));
  });

  test('kill -9 right after a revocation was answered: the session stays dead', async () => {
    const grant = await dialect.grant();
    const proof = { token: grant.refreshToken, client_id: grant.clientId };
    assert.equal((await dialect.api.post('/api/v1/auth/revoke', proof)).status, 204);
    await server.kill9();
    await server.restart();
    assert.deepEqual(errorOf(await dialect.refresh(grant.refreshToken)), invalidToken);
    assert.equal(await dialect.statusWith(grant.jwt), 401);
  });

  test('a graceful stop answers what is under way and exits with 0', async () => {
    const { refreshToken } = await dialect.grant();
    const answers = Array.from({ length: 50 }, () => dialect.renew(refreshToken).catch(() => null));
    await Promise.race(answers);
    assert.equal(await server.restart(), 0);
    const successors = (await Promise.all(answers)).filter((answer) => answer !== null);
    const tokens = new Set(successors.map((answer) => readGrant(answer).refreshToken));
    assert.equal(tokens.size, 1);
    for (const token of tokens) ok(await dialect.refresh(token));
  });
});

/** Renews along every session's chain at once, and kills the server when half of the renewals were answered. */
async function renewUntilKilled(dialect: Dialect, holders: readonly Holder[]): Promise<void> {
  let answered = 0;
  let killed: Promise<void> | null = null;
  const chain = async (holder: Holder): Promise<void> => {
    for (let step = 0; step < renewalsWanted / sessionCount; step += 1) {
      const newest = holder.acknowledged.at(-1) ?? '';
      const answer = await dialect.renew(newest).catch(() => null);
      if (answer === null) return;
      holder.acknowledged.push(readGrant(answer).refreshToken);
      answered += 1;
      if (answered === renewalsWanted / 2) killed = dialect.server.kill9();
    }
  };
  await Promise.all(holders.map(chain));
  assert.ok(killed !== null, 'the server was killed under way');
  await killed;
  assert.ok(answered < renewalsWanted, `all ${answered} renewals were answered before the kill`);
}

async function assertOneSuccessor(dialect: Dialect, holder: Holder): Promise<void> {
  const newest = holder.acknowledged.at(-1) ?? '';
  ok(await dialect.refresh(newest));
  const answers = await Promise.all(Array.from({ length: 5 }, () => dialect.renew(newest)));
  const successors = new Set(answers.map((answer) => readGrant(answer).refreshToken));
  assert.equal(successors.size, 1, 'a session has two living successors');
  const [successor = ''] = successors;
  assert.ok(!holder.acknowledged.includes(successor));
  ok(await dialect.refresh(successor));
  // Of all that was ever acknowledged, only the newest pair may live; anything older ends the session.
  const oldest = holder.acknowledged[0] ?? '';
  if (holder.acknowledged.length > 2) {
    dialect.server.advance(second);
    assert.deepEqual(errorOf(await dialect.refresh(oldest)), invalidToken);
    assert.deepEqual(errorOf(await dialect.refresh(successor)), invalidToken);
  }
}
