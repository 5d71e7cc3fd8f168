/** How long access and refresh tokens of API tokens live. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditEntries } from '../harness/stored.ts';
import {
  assertBadPair,
  claimsOf,
  created,
  day,
  errorOf,
  hour,
  minute,
  onEachEngine,
  pairOf,
  second,
} from './dialect.ts';

const seconds = (text: string): number => Date.parse(text) / 1000;

onEachEngine((dialect) => {
  test('an access token is 401 after 7,200 s, and its successor works after one renewal', async () => {
    const token = await dialect.newToken();
    assert.equal(await dialect.statusWith(token.accessToken), 200);
    dialect.advance(7_190 * second);
    assert.equal(await dialect.statusWith(token.accessToken), 200);
    dialect.advance(11 * second);
    const refused = await dialect.api.get('/account/v1/me', { jwt: token.accessToken });
    assert.equal(errorOf(refused).message, 'The token is expired');
    assert.equal(
      refused.headers.get('www-authenticate'),
      'Bearer error="invalid_token", error_description="The token is expired"',
    );
    assert.equal(await dialect.statusWith((await dialect.next(token)).accessToken), 200);
  });

  describe('a validity', () => {
    test('of one day ends all pairs at the same instant, and no access token outlives it', async () => {
      const token = await dialect.newToken({ validityDays: 1 });
      const { createdAt, expiresAt } = await dialect.listed(token.id);
      assert.equal(seconds(expiresAt ?? '') - seconds(createdAt), 86_400);
      dialect.advance(23 * hour);
      const late = pairOf(await dialect.renew(token));
      assert.ok(late.expiresIn <= 3600 && late.expiresIn > 3590, String(late.expiresIn));
      assert.ok(Math.abs((late.refreshExpiresIn ?? 0) - late.expiresIn) <= 1);
      dialect.advance(hour);
      assertBadPair(await dialect.renew(late));
      assert.equal(await dialect.statusWith(late.accessToken), 401);
      assert.equal((await dialect.listed(token.id)).state, 'expired');
    });

    test('left out, or null, is none', async () => {
      for (const fields of [{}, { validityDays: null }]) {
        const { body } = created(
          await dialect.generate({ name: `endless ${JSON.stringify(fields)}`, ...fields }),
        );
        assert.deepEqual([body.expiresAt, body.refreshExpiresIn, body.expiresIn], [null, null, 7200]);
        dialect.advance(400 * day);
        assert.equal(pairOf(await dialect.renew(body)).refreshExpiresIn, null);
      }
    });

    test('that has passed frees the name', async () => {
      const token = await dialect.newToken({ name: 'a day', validityDays: 1 });
      dialect.advance(25 * hour);
      const again = created(await dialect.generate({ name: 'a day' })).body;
      assert.notEqual(again.id, token.id);
      assert.equal((await dialect.listed(token.id)).state, 'expired');
    });
  });

  describe('MAXIMUM_REFRESH_TOKEN_LIFETIME', () => {
    const setMaximum = (value: string) =>
      dialect.ciphertrust.setProperty('MAXIMUM_REFRESH_TOKEN_LIFETIME', value);

    test('caps what was asked for without an end, for all pairs together', async () => {
      await setMaximum('24h');
      const { body } = created(await dialect.generate({ name: 'capped' }));
      assert.ok(body.refreshExpiresIn <= 86_400 && body.refreshExpiresIn > 86_390);
      assert.equal(seconds(body.expiresAt) - seconds(body.createdAt), 86_400);
      dialect.advance(20 * hour);
      const next = pairOf(await dialect.renew(body));
      assert.ok((next.refreshExpiresIn ?? 0) <= 4 * 3600);
      dialect.advance(5 * hour);
      assertBadPair(await dialect.renew(next));
      await setMaximum('');
    });

    test('refuses a longer validity instead of shortening it; below a day none may be asked for', async () => {
      await setMaximum('71h');
      for (const validityDays of [3, 4, 3650]) {
        const { status, field } = errorOf(await dialect.generate({ name: 'too long', validityDays }));
        assert.deepEqual([status, field], [400, 'validityDays']);
      }
      created(await dialect.generate({ name: 'two days', validityDays: 2 }));
      await setMaximum('23h');
      assert.equal(errorOf(await dialect.generate({ name: 'a day', validityDays: 1 })).field, 'validityDays');
      assert.ok(
        created(await dialect.generate({ name: 'as long as it may' })).body.refreshExpiresIn <= 82_800,
      );
      await setMaximum('');
    });

    test('lowered later shortens what there is at its next use, for good', async () => {
      const token = await dialect.newToken();
      const other = await dialect.newToken();
      dialect.advance(2 * hour);
      await setMaximum('3h');
      const next = pairOf(await dialect.renew(token));
      assert.ok((next.refreshExpiresIn ?? 0) <= 3600);
      await setMaximum('');
      assert.ok((pairOf(await dialect.renew(next)).refreshExpiresIn ?? 0) <= 3600);
      assert.equal(pairOf(await dialect.renew(other)).refreshExpiresIn, null);
    });
  });
});

onEachEngine(
  (dialect) => {
    test('an access life of 60 s is told and kept', async () => {
      const { body } = created(await dialect.generate({ name: 'short' }));
      assert.equal(body.expiresIn, 60);
      dialect.advance(50 * second);
      assert.equal(await dialect.statusWith(body.accessToken), 200);
      dialect.advance(11 * second);
      assert.equal(await dialect.statusWith(body.accessToken), 401);
    });

    test('with an idle limit an unused refresh token dies; a renewal starts it anew, a call does not', async () => {
      const { body } = created(await dialect.generate({ name: 'idle', validityDays: 1 }));
      assert.equal(body.refreshExpiresIn, 300);
      dialect.advance(4 * minute);
      const next = pairOf(await dialect.renew(body));
      assert.equal(next.refreshExpiresIn, 300);
      dialect.advance(30 * second);
      assert.equal(await dialect.statusWith(next.accessToken), 200);
      dialect.advance(4 * minute + 31 * second);
      assertBadPair(await dialect.renew(next));
    });

    test('nobody has more live tokens than are allowed, not even who asks for many at once', async () => {
      const { username, password } = await dialect.ciphertrust.createUser();
      const jwt = await dialect.signIn({ username, password });
      const wishes = Array.from({ length: 8 }, (_, at) => dialect.generate({ name: `of many ${at}` }, jwt));
      const statuses = (await Promise.all(wishes)).map(({ status }) => status).sort();
      assert.deepEqual(statuses, [201, 201, 201, 409, 409, 409, 409, 409]);
      assert.equal((await dialect.list('?state=live', jwt)).length, 3);
    });

    test('a validity beyond the largest is refused', async () => {
      assert.equal(errorOf(await dialect.generate({ name: 'x', validityDays: 31 })).field, 'validityDays');
      const { body } = created(await dialect.generate({ name: 'x', validityDays: 30 }));
      assert.equal(claimsOf(body.accessToken).exp - claimsOf(body.accessToken).iat, 60);
    });

    test('nothing is audited as expired that lives', async () => {
      const expired = await auditEntries(dialect.server, 'api_token_expired');
      const live = (await dialect.list('?state=live')).map(({ id }) => id);
      assert.deepEqual(
        expired.filter(({ target }) => live.includes(String(target))),
        [],
      );
    });
  },
  {
    env: {
      NECTAR_ACCESS_TOKEN_SECONDS: '60',
      NECTAR_REFRESH_IDLE_SECONDS: '300',
      NECTAR_MAXIMUM_VALIDITY_DAYS: '30',
      NECTAR_MAXIMUM_LIVE_TOKENS: '3',
    },
  },
);
