/** `POST /aapi/jwt/token/renew`: one generation at a time, lost answers given again, thefts seen. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sendRaw } from '../harness/raw-http.ts';
import { auditEntries } from '../harness/stored.ts';
import {
  assertBadPair,
  claimsOf,
  errorOf,
  hour,
  minute,
  onEachEngine,
  pairOf,
  renewPath,
  second,
} from './dialect.ts';

onEachEngine((dialect) => {
  describe('a renewal', () => {
    test('with an access token that is live, or expired long since, gives two new values and counts the generation', async () => {
      const first = await dialect.newToken();
      assert.equal(claimsOf(first.accessToken).gen, 0);
      const next = pairOf(await dialect.renew(first));
      assert.notEqual(next.accessToken, first.accessToken);
      assert.notEqual(next.refreshToken, first.refreshToken);
      assert.deepEqual(
        [claimsOf(next.accessToken).gen, next.expiresIn, next.refreshExpiresIn],
        [1, 7200, null],
      );
      dialect.advance(300 * 24 * hour);
      const late = pairOf(await dialect.renew(next));
      assert.deepEqual([claimsOf(late.accessToken).gen, late.expiresIn], [2, 7200]);
      assert.equal(claimsOf(late.accessToken).sid, first.id);
      assert.equal(await dialect.statusWith(late.accessToken), 200);
    });

    for (const [what, body, type] of [
      ['no body', undefined, undefined],
      ['an empty form', '', 'application/x-www-form-urlencoded'],
      ['broken JSON', '{"broken', 'application/json'],
      ['a content type that is none', 'x', '$$$'],
      ['megabytes', 'x'.repeat(2_000_000), 'text/plain'],
    ] as const)
      test(`does not look at the body: ${what}`, async () => {
        const { accessToken, refreshToken } = await dialect.newToken();
        const headers = {
          'x-refresh-token': refreshToken,
          ...(type === undefined ? {} : { 'content-type': type }),
        };
        pairOf(await dialect.api.post(renewPath, body, { jwt: accessToken, headers }));
      });

    test('reads its headers in any letter case, and takes curl’s two headers and nothing else', async () => {
      const { accessToken, refreshToken } = await dialect.newToken();
      const head = `POST ${renewPath} HTTP/1.1\r\nHost: tessera\r\nConnection: close\r\n`;
      const answer = await sendRaw(
        dialect.server.url,
        `${head}X-REFRESH-TOKEN: ${refreshToken}\r\nAUTHORIZATION: bEARER ${accessToken}\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assert.match(answer, /"tokenType":"Bearer"/);
    });

    test('by another method is 405 and names the one there is', async () => {
      for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const { status, headers } = await fetch(dialect.server.url + renewPath, { method });
        assert.deepEqual([status, headers.get('allow')], [405, 'POST'], method);
      }
    });
  });

  describe('what is no pair is one and the same 401, and changes nothing:', () => {
    test('a header that is missing, empty, doubled or of another scheme', async () => {
      const { accessToken, refreshToken } = await dialect.newToken();
      const authorization = `Bearer ${accessToken}`;
      const sent: readonly Record<string, string>[] = [
        {},
        { authorization },
        { 'x-refresh-token': refreshToken },
        { authorization: '', 'x-refresh-token': refreshToken },
        { authorization: 'Bearer ', 'x-refresh-token': refreshToken },
        { authorization, 'x-refresh-token': ' ' },
        { authorization: `Basic ${accessToken}`, 'x-refresh-token': refreshToken },
        { authorization, 'x-refresh-token': `${refreshToken}, ${refreshToken}` },
        { authorization: `${authorization}, ${authorization}`, 'x-refresh-token': refreshToken },
      ];
      for (const headers of sent) assertBadPair(await dialect.api.post(renewPath, undefined, { headers }));
      pairOf(await dialect.renew({ accessToken, refreshToken }));
    });

    test('a forged signature, a token of another interface, a refresh token in the place of the other', async () => {
      const pair = await dialect.newToken();
      const [header, claims, signature = ''] = pair.accessToken.split('.');
      const flipped = `${header}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
      const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
      const jwt = await dialect.signIn();
      const { refreshToken: foreign } = await dialect.ciphertrust.grant();
      for (const accessToken of [flipped, `${none}.${claims}.`, 'made.up.token', jwt, pair.refreshToken])
        assertBadPair(await dialect.renew({ ...pair, accessToken }));
      for (const refreshToken of [foreign, pair.accessToken, 'A'.repeat(64), `${pair.refreshToken}x`])
        assertBadPair(await dialect.renew({ ...pair, refreshToken }));
      pairOf(await dialect.renew(pair));
    });

    test('the refresh token of another session, which leaves both as they were', async () => {
      const [one, other] = [await dialect.newToken(), await dialect.newToken()];
      assertBadPair(await dialect.renew({ accessToken: one.accessToken, refreshToken: other.refreshToken }));
      assertBadPair(await dialect.renew({ accessToken: other.accessToken, refreshToken: one.refreshToken }));
      assert.equal(claimsOf((await dialect.next(one)).accessToken).gen, 1);
      assert.equal(claimsOf((await dialect.next(other)).accessToken).gen, 1);
    });

    test('and the reason is in the audit log', async () => {
      const { refreshToken } = await dialect.newToken();
      assertBadPair(await dialect.renew({ accessToken: 'made.up.token', refreshToken }));
      const reasons = (await auditEntries(dialect.server, 'refresh')).map(({ reason }) => reason);
      for (const reason of ['incomplete_pair', 'malformed', 'refresh_token_of_another_session'])
        assert.ok(reasons.includes(reason), reason);
    });
  });

  describe('the pair that was replaced', () => {
    test('is given the same refresh token within the grace, and an access token with the same end', async () => {
      const first = await dialect.newToken();
      const next = pairOf(await dialect.renew(first));
      dialect.advance(10 * second);
      const again = pairOf(await dialect.renew(first));
      assert.equal(again.refreshToken, next.refreshToken);
      assert.equal(claimsOf(again.accessToken).exp, claimsOf(next.accessToken).exp);
      assert.equal(claimsOf(again.accessToken).gen, 1);
      assert.ok(again.expiresIn <= 7190 && again.expiresIn >= 7185, String(again.expiresIn));
    });

    test('makes one new generation however many show it at once, and all are given the same refresh token', async () => {
      const first = await dialect.newToken();
      const answers = await Promise.all(Array.from({ length: 50 }, () => dialect.renew(first)));
      const pairs = answers.map(pairOf);
      assert.equal(new Set(pairs.map(({ refreshToken }) => refreshToken)).size, 1);
      assert.deepEqual(new Set(pairs.map(({ accessToken }) => claimsOf(accessToken).gen)), new Set([1]));
      const renewed = await auditEntries(dialect.server, 'api_token_renewed');
      assert.equal(renewed.filter(({ target }) => target === first.id).length, 1);
    });

    test('is given it an hour later too, if neither value of the new one was used', async () => {
      const first = await dialect.newToken();
      const next = pairOf(await dialect.renew(first));
      dialect.advance(hour);
      const again = pairOf(await dialect.renew(first));
      assert.equal(again.refreshToken, next.refreshToken);
      assert.ok(again.expiresIn <= 3600 && again.expiresIn > 3590);
      assert.equal(claimsOf((await dialect.next(again)).accessToken).gen, 2);
    });

    test('is given it when even the new access token has expired, which is then said to, and renewed in turn', async () => {
      const first = await dialect.newToken();
      const next = pairOf(await dialect.renew(first));
      dialect.advance(3 * hour);
      const again = pairOf(await dialect.renew(first));
      assert.deepEqual([again.refreshToken, again.expiresIn], [next.refreshToken, 0]);
      assert.equal(await dialect.statusWith(again.accessToken), 401);
      const last = pairOf(await dialect.renew(again));
      assert.deepEqual([last.expiresIn, claimsOf(last.accessToken).gen], [7200, 2]);
    });

    for (const [what, use] of [
      ['access', (pair) => dialect.statusWith(pair.accessToken)],
      ['refresh', (pair) => dialect.next(pair)],
    ] as const satisfies readonly (readonly [
      string,
      (pair: Awaited<ReturnType<typeof dialect.next>>) => Promise<unknown>,
    ])[])
      test(`ends the session once the grace is over and the ${what} token of the new one was used`, async () => {
        const first = await dialect.newToken();
        const next = await dialect.next(first);
        await use(next);
        dialect.advance(31 * second);
        assertBadPair(await dialect.renew(first, { from: '192.0.2.66' }));
        assertBadPair(await dialect.renew(next));
        assert.equal(await dialect.statusWith(next.accessToken), 401);
        assert.equal((await dialect.listed(first.id)).state, 'reused');
        const [entry] = (await auditEntries(dialect.server, 'refresh_token_reused')).filter(
          ({ target }) => target === first.id,
        );
        assert.equal(entry?.address, '192.0.2.66');
        assert.deepEqual(JSON.parse(String(entry?.detail)), { generation: 0 });
      });

    test('ends it after the lost-answer window as well, used or not; its name is free then', async () => {
      const first = await dialect.newToken({ name: 'lost' });
      await dialect.next(first);
      dialect.advance(25 * hour);
      assertBadPair(await dialect.renew(first));
      await dialect.newToken({ name: 'lost' });
    });

    test('two generations old ends it at once', async () => {
      const first = await dialect.newToken();
      const third = await dialect.next(await dialect.next(first));
      assertBadPair(await dialect.renew(first));
      assertBadPair(await dialect.renew(third));
    });

    test('has an access token that works until the grace is over and the new pair was used, and not after', async () => {
      const first = await dialect.newToken();
      const next = await dialect.next(first);
      dialect.advance(minute);
      assert.equal(await dialect.statusWith(first.accessToken), 200);
      assert.equal(await dialect.statusWith(next.accessToken), 200);
      assert.equal(await dialect.statusWith(first.accessToken), 401);
      const other = await dialect.newToken();
      assert.equal(await dialect.statusWith((await dialect.next(other)).accessToken), 200);
      assert.equal(await dialect.statusWith(other.accessToken), 200);
      dialect.advance(31 * second);
      assert.equal(await dialect.statusWith(other.accessToken), 401);
    });

    test('is told by windows that the installation sets', async () => {
      await dialect.ciphertrust.setProperty('REFRESH_TOKEN_RENEWAL_GRACE', '0s');
      await dialect.ciphertrust.setProperty('REFRESH_TOKEN_LOST_ANSWER_WINDOW', '0s');
      const first = await dialect.newToken();
      await dialect.next(first);
      assertBadPair(await dialect.renew(first));
      await dialect.ciphertrust.setProperty('REFRESH_TOKEN_RENEWAL_GRACE', '30s');
      await dialect.ciphertrust.setProperty('REFRESH_TOKEN_LOST_ANSWER_WINDOW', '24h');
    });
  });

  test('whoever fails too often is 429, and a good pair from the same address is renewed all the same', async () => {
    const good = await dialect.newToken();
    const bad = { accessToken: 'made.up.token', refreshToken: 'x' };
    const from = '192.0.2.99';
    for (let count = 0; count < 100; count += 1) assertBadPair(await dialect.renew(bad, { from }));
    const slowed = await dialect.renew(bad, { from });
    assert.deepEqual(errorOf(slowed).error, 'Too Many Requests');
    assert.ok(Number(slowed.headers.get('retry-after')) > 0);
    pairOf(await dialect.renew(good, { from }));
    assertBadPair(await dialect.renew(bad, { from: '192.0.2.98' }));
  });
});
