/** How long refresh tokens and JWTs live. Spec ciphertrust §4; acceptance 12–14. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  day,
  errorOf,
  hour,
  invalidToken,
  minute,
  noApiToken,
  ok,
  onEachEngine,
  propertiesPath,
  readGrant,
  second,
} from './dialect.ts';

const maximum = 'MAXIMUM_REFRESH_TOKEN_LIFETIME';

onEachEngine((dialect) => {
  const server = () => dialect.server;

  test('a JWT is accepted for 300 seconds and refused after them', async () => {
    const jwt = await dialect.jwt();
    server().advance(290 * second);
    assert.equal(await dialect.statusWith(jwt), 200);
    server().advance(11 * second);
    const refused = await dialect.api.get('/api/v1/auth/self/user', { jwt });
    assert.deepEqual(errorOf(refused), noApiToken);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
  });

  describe('an idle limit of 60 minutes', () => {
    test('is restarted by each use, and refuses after 60 idle minutes', async () => {
      const { refreshToken } = await dialect.grant({ refresh_token_revoke_unused_in: 60 });
      for (let use = 0; use < 3; use += 1) {
        server().advance(59 * minute);
        ok(await dialect.refresh(refreshToken));
      }
      server().advance(60 * minute + second);
      assert.deepEqual(errorOf(await dialect.refresh(refreshToken)), invalidToken);
      assert.deepEqual(errorOf(await dialect.renew(refreshToken)), invalidToken);
    });

    test('is inherited by a renewal and counted anew', async () => {
      const { refreshToken } = await dialect.grant({ refresh_token_revoke_unused_in: 60 });
      server().advance(59 * minute);
      const renewed = readGrant(await dialect.renew(refreshToken));
      assert.equal(renewed.expiresInSeconds, 3600);
      server().advance(59 * minute);
      ok(await dialect.refresh(renewed.refreshToken));
      server().advance(60 * minute + second);
      assert.deepEqual(errorOf(await dialect.refresh(renewed.refreshToken)), invalidToken);
    });

    test('is not restarted by a refused attempt', async () => {
      const { refreshToken } = await dialect.grant({ refresh_token_revoke_unused_in: 60 });
      server().advance(59 * minute);
      await dialect.refresh(`${refreshToken.slice(0, 63)}!`);
      await dialect.refresh(refreshToken, { domain: 'nowhere' });
      server().advance(2 * minute);
      assert.deepEqual(errorOf(await dialect.refresh(refreshToken)), invalidToken);
    });
  });

  describe('an absolute lifetime of 60 minutes', () => {
    test('is not extended by use', async () => {
      const { refreshToken } = await dialect.grant({ refresh_token_lifetime: 60 });
      server().advance(59 * minute);
      ok(await dialect.refresh(refreshToken));
      server().advance(minute + second);
      assert.deepEqual(errorOf(await dialect.refresh(refreshToken)), invalidToken);
    });

    test('is counted anew by a renewal', async () => {
      const { refreshToken } = await dialect.grant({ refresh_token_lifetime: 60 });
      server().advance(59 * minute);
      const renewed = readGrant(await dialect.renew(refreshToken));
      assert.equal(renewed.expiresInSeconds, 3600);
      server().advance(59 * minute);
      ok(await dialect.refresh(renewed.refreshToken));
    });

    test('and an idle limit: whichever ends first', async () => {
      const fields = { refresh_token_lifetime: 90, refresh_token_revoke_unused_in: 60 };
      const { refreshToken } = await dialect.grant(fields);
      server().advance(50 * minute);
      ok(await dialect.refresh(refreshToken));
      server().advance(41 * minute);
      assert.deepEqual(errorOf(await dialect.refresh(refreshToken)), invalidToken);
    });
  });

  test('without any limit a token works a year later', async () => {
    const { refreshToken } = await dialect.grant();
    server().advance(365 * day);
    ok(await dialect.refresh(refreshToken));
  });

  describe(maximum, () => {
    const grantedSeconds = async (fields: object): Promise<number | undefined> =>
      (await dialect.grant(fields)).expiresInSeconds;

    test('is not set at first', async () => {
      const answer = await dialect.api.get(`${propertiesPath}/${maximum}`, { jwt: await dialect.jwt() });
      assert.deepEqual(
        { ...ok(answer).body, description: '' },
        { name: maximum, value: '', description: '' },
      );
    });

    test('caps what is asked, what is not asked, and a renewal', async () => {
      await dialect.setProperty(maximum, '24h');
      assert.equal(await grantedSeconds({}), 86_400);
      assert.equal(await grantedSeconds({ refresh_token_lifetime: 43_200 }), 86_400);
      assert.equal(await grantedSeconds({ refresh_token_lifetime: 60 }), 3_600);
      assert.equal(await grantedSeconds({ refresh_token_revoke_unused_in: 60 }), 3_600);
      assert.equal(await grantedSeconds({ refresh_token_revoke_unused_in: 43_200 }), 86_400);
      await dialect.setProperty(maximum, '');
      const { refreshToken } = await dialect.grant({ refresh_token_lifetime: 43_200 });
      await dialect.setProperty(maximum, '12h');
      assert.equal(readGrant(await dialect.renew(refreshToken)).expiresInSeconds, 43_200);
      await dialect.setProperty(maximum, '');
    });

    test('refuses at use what is older, though it was issued before the maximum was set', async () => {
      const [old, renewedToday] = [await dialect.grant(), await dialect.grant()];
      server().advance(2 * day);
      const fresh = readGrant(await dialect.renew(renewedToday.refreshToken));
      await dialect.setProperty(maximum, '24h');
      assert.deepEqual(errorOf(await dialect.refresh(old.refreshToken)), invalidToken);
      assert.deepEqual(errorOf(await dialect.renew(old.refreshToken)), invalidToken);
      ok(await dialect.refresh(fresh.refreshToken));
      server().advance(23 * hour);
      ok(await dialect.refresh(fresh.refreshToken));
      server().advance(hour + second);
      assert.deepEqual(errorOf(await dialect.refresh(fresh.refreshToken)), invalidToken);
      await dialect.setProperty(maximum, '');
    });

    test('never gives back life: a token granted under a maximum keeps its end when that is lifted', async () => {
      await dialect.setProperty(maximum, '1h');
      const { refreshToken } = await dialect.grant();
      await dialect.setProperty(maximum, '');
      server().advance(hour + second);
      assert.deepEqual(errorOf(await dialect.refresh(refreshToken)), invalidToken);
    });

    const accepted: readonly [value: string, seconds: number | undefined][] = [
      ['90', 5_400],
      ['90m', 5_400],
      ['30d', 2_592_000],
      ['1h30m', 5_400],
      ['45s', 45],
      ['1d2h3m4s', 93_784],
      ['', undefined],
    ];
    for (const [value, seconds] of accepted) {
      test(`accepts ${JSON.stringify(value)}`, async () => {
        const jwt = await dialect.jwt();
        const answer = ok(await dialect.api.patch(`${propertiesPath}/${maximum}`, { value }, { jwt }));
        assert.equal(answer.body.value, value);
        assert.equal(await grantedSeconds({}), seconds);
      });
    }

    for (const value of [
      'soon',
      '-1',
      '0',
      '0m',
      '1.5h',
      '30m1h',
      '1h 30m',
      '1w',
      ' ',
      '9'.repeat(40),
      5,
      true,
      null,
    ]) {
      test(`refuses ${JSON.stringify(value)} and keeps the old value`, async () => {
        await dialect.setProperty(maximum, '24h');
        const jwt = await dialect.jwt();
        const refused = errorOf(await dialect.api.patch(`${propertiesPath}/${maximum}`, { value }, { jwt }));
        assert.equal(refused.status, 400);
        if (typeof value === 'string') assert.equal(refused.code, 9);
        const kept = await dialect.api.get(`${propertiesPath}/${maximum}`, { jwt });
        assert.equal(ok(kept).body.value, '24h');
      });
    }

    test('says how a value is written', async () => {
      const jwt = await dialect.jwt();
      const refused = errorOf(
        await dialect.api.patch(`${propertiesPath}/${maximum}`, { value: 'soon' }, { jwt }),
      );
      assert.deepEqual(refused, {
        status: 400,
        code: 9,
        codeDesc: 'NCERRInvalidParamValue: Invalid parameter value',
        message: 'MAXIMUM_REFRESH_TOKEN_LIFETIME: write a duration such as 24h, 90m or 30d.',
      });
      await dialect.setProperty(maximum, '');
    });
  });

  test('MAXIMUM_SESSION_LIFETIME ends a session so long after its sign-in, however often renewed', async () => {
    await dialect.setProperty('MAXIMUM_SESSION_LIFETIME', '2h');
    let grant = await dialect.grant();
    for (let use = 0; use < 3; use += 1) {
      server().advance(39 * minute);
      grant = readGrant(await dialect.renew(grant.refreshToken));
    }
    server().advance(4 * minute);
    assert.deepEqual(errorOf(await dialect.renew(grant.refreshToken)), invalidToken);
    await dialect.setProperty('MAXIMUM_SESSION_LIFETIME', '');
  });
});
