/** What was answered survives `kill -9`; what was not can be asked for again. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../harness/engines.ts';
import type { Server } from '../harness/server.ts';
import { assertBadPair, claimsOf, type Dialect, dialectOf, errorOf, type Pair, pairOf } from './dialect.ts';

const scripts = 10;
const renewalsEach = 30;

forEachEngine((engine) => {
  let server: Server;
  let dialect: Dialect;
  before(async () => {
    server = await engine.start();
    dialect = dialectOf(() => server);
  });
  after(() => server.stop());

  test('kill -9 in the middle of renewals: each script goes on with the pair that it has, and nobody is logged out', async () => {
    const jwt = await dialect.signIn();
    const pairs = await Promise.all(Array.from({ length: scripts }, async () => dialect.newToken({}, jwt)));
    let answered = 0;
    const ends = await Promise.all(pairs.map((pair) => renewUntilKilled(pair, () => (answered += 1))));
    assert.ok(answered < scripts * renewalsEach, 'the server was not killed under way');
    await server.restart();
    for (const pair of ends) {
      const next = await dialect.next(pair);
      assert.equal((await dialect.next(pair)).refreshToken, next.refreshToken);
      assert.equal(await dialect.statusWith(next.accessToken), 200);
    }
  });

  async function renewUntilKilled(first: Pair, count: () => number): Promise<Pair> {
    let pair = first;
    for (let step = 0; step < renewalsEach; step += 1) {
      const answer = await dialect.renew(pair).catch(() => null);
      if (answer === null) return pair;
      pair = pairOf(answer);
      if (count() === (scripts * renewalsEach) / 2) await server.kill9();
    }
    return pair;
  }

  test('kill -9 right after a token was generated, or revoked: it is there, and it is dead', async () => {
    const made = await dialect.newToken({ name: 'made' });
    const revoked = await dialect.newToken({ name: 'revoked' });
    const path = `/account/v1/api-tokens/${revoked.id}`;
    assert.equal((await dialect.api.delete(path, { jwt: await dialect.signIn() })).status, 204);
    await server.kill9();
    await server.restart();
    assert.equal(claimsOf((await dialect.next(made)).accessToken).gen, 1);
    assertBadPair(await dialect.renew(revoked));
    assert.equal(errorOf(await dialect.generate({ name: 'made' })).status, 409);
  });
});
