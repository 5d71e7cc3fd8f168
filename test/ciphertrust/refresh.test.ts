/** The refresh grant without renewal: many at once, domains, and tokens that are none. Spec ciphertrust §2.2, §2.4, §3; acceptance 4, 6, 8, 11. @module */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { forEachEngine } from '../harness/engines.ts';
import type { Server } from '../harness/server.ts';
import {
  decodeJwt,
  dialectOf,
  errorOf,
  invalidToken,
  ok,
  onEachEngine,
  readGrant,
  rootDomainId,
  tokensPath,
} from './dialect.ts';

onEachEngine((dialect) => {
  test('a plain refresh brings a new JWT of the same session and account, and nothing else', async () => {
    const grant = await dialect.grant();
    const { body } = ok(await dialect.refresh(grant.refreshToken));
    assert.deepEqual(Object.keys(body).toSorted(), ['duration', 'jwt', 'token_type']);
    const [old, fresh] = [decodeJwt(grant.jwt).claims, decodeJwt(body.jwt).claims];
    assert.notEqual(fresh.jti, old.jti);
    assert.deepEqual([fresh.sid, fresh.sub, fresh.aud], [old.sid, old.sub, old.aud]);
    assert.equal(await dialect.statusWith(body.jwt), 200);
    assert.equal(await dialect.statusWith(grant.jwt), 200);
  });

  test('`grant_type` may be left out when a refresh token is given, as JSON and as a form', async () => {
    const { refreshToken } = await dialect.grant();
    ok(await dialect.api.post(tokensPath, { refresh_token: refreshToken }));
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Bearer ' };
    ok(await dialect.api.post(tokensPath, form, { headers }));
  });

  test('of fifty plain refreshes at once every one gets its own JWT, and the token still works', async () => {
    const { refreshToken } = await dialect.grant({ refresh_token_revoke_unused_in: 60 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => dialect.refresh(refreshToken)));
    const jwts = answers.map((answer) => ok(answer).body.jwt);
    assert.equal(new Set(jwts.map((jwt) => decodeJwt(jwt).claims.jti)).size, 50);
    ok(await dialect.refresh(refreshToken));
  });

  test('one account holds any number of refresh tokens, independent of each other', async () => {
    const grants = await Promise.all(Array.from({ length: 5 }, () => dialect.grant()));
    const [first, ...others] = grants;
    assert.ok(first);
    const revoked = await dialect.api.post('/api/v1/auth/revoke', {
      token: first.refreshToken,
      client_id: first.clientId,
    });
    assert.equal(revoked.status, 204);
    for (const { refreshToken } of others) ok(await dialect.refresh(refreshToken));
  });

  describe('a domain in the refresh', () => {
    let childDomainId: string;
    before(async () => {
      const jwt = await dialect.jwt();
      const adminId = decodeJwt(jwt).claims.sub;
      const created = await dialect.api.post(
        '/api/v1/domains',
        { name: 'child', admins: [adminId] },
        { jwt },
      );
      assert.equal(created.status, 201, created.text);
      childDomainId = created.body.id;
    });

    for (const domain of ['', null, 'root', 'ROOT', rootDomainId]) {
      test(`that is the token's own changes nothing: ${JSON.stringify(domain)}`, async () => {
        const { refreshToken } = await dialect.grant();
        const { body } = ok(await dialect.refresh(refreshToken, { domain }));
        assert.equal(decodeJwt(body.jwt).claims.acc, 'kylo');
        ok(await dialect.refresh(refreshToken));
      });
    }

    test('that is another begins a session there and revokes the presented token', async () => {
      const grant = await dialect.grant();
      const { body } = ok(await dialect.refresh(grant.refreshToken, { domain: 'child' }));
      assert.deepEqual(Object.keys(body).toSorted(), ['duration', 'jwt', 'token_type']);
      const { claims } = decodeJwt(body.jwt);
      assert.equal(claims.acc, `kylo:${childDomainId}`);
      assert.equal(claims.domain, 'child');
      assert.notEqual(claims.sid, grant.clientId);
      assert.equal(await dialect.statusWith(body.jwt), 200);
      assert.deepEqual(errorOf(await dialect.refresh(grant.refreshToken)), invalidToken);
      assert.equal(await dialect.statusWith(grant.jwt), 401);
    });

    test('that is another brings a refresh token there when a renewal is asked for', async () => {
      const { refreshToken } = await dialect.grant();
      const there = readGrant(
        await dialect.refresh(refreshToken, { domain: childDomainId, renew_refresh_token: true }),
      );
      assert.equal(decodeJwt(there.jwt).claims.domain, 'child');
      const { body } = ok(await dialect.refresh(there.refreshToken));
      assert.equal(decodeJwt(body.jwt).claims.domain, 'child');
      assert.deepEqual(errorOf(await dialect.refresh(refreshToken)), invalidToken);
    });

    test('that is unknown, or not permitted, is one and the same 403 and revokes nothing', async () => {
      const user = await dialect.createUser();
      const { refreshToken } = await dialect.grant({}, user);
      const answers = [
        await dialect.refresh(refreshToken, { domain: 'nowhere' }),
        await dialect.refresh(refreshToken, { domain: 'child' }),
      ];
      const [unknown, forbidden] = answers.map(errorOf);
      assert.ok(unknown && forbidden);
      assert.deepEqual([unknown.status, unknown.code, unknown.codeDesc], [403, 403, 'NCERRForbidden']);
      assert.equal(unknown.message.replace('nowhere', 'child'), forbidden.message);
      ok(await dialect.refresh(refreshToken));
    });

    test('at sign-in takes effect, by name and by id', async () => {
      for (const domain of ['child', childDomainId]) {
        const { claims } = decodeJwt(ok(await dialect.issue({ domain })).body.jwt);
        assert.equal(claims.domain, 'child');
      }
      const refused = errorOf(await dialect.issue({ domain: 'nowhere' }));
      assert.equal(refused.status, 403);
    });
  });

  test('a text that is no token of ours is "Invalid token", and nothing is revoked by it', async () => {
    const { refreshToken, jwt } = await dialect.grant();
    const flipped = (at: number): string =>
      refreshToken.slice(0, at) + (refreshToken[at] === 'a' ? 'b' : 'a') + refreshToken.slice(at + 1);
    const texts = [
      refreshToken.slice(0, 63),
      `${refreshToken}0`,
      ...[0, 1, 2, 10, 23, 24, 27, 29, 30, 31, 50, 63].map(flipped),
      `${refreshToken.slice(0, 63)}é`,
      `${refreshToken.slice(0, 63)} `,
      'z'.repeat(64),
      '0'.repeat(64),
      'x',
      jwt,
      'y'.repeat(10_000),
    ];
    for (const text of texts) {
      for (const fields of [{}, { renew_refresh_token: true }]) {
        assert.deepEqual(errorOf(await dialect.refresh(text, fields)), invalidToken, text);
      }
    }
    ok(await dialect.refresh(refreshToken));
    assert.equal(await dialect.statusWith(jwt), 200);
  });

  test('a refresh token is no API token, and an API token no refresh token', async () => {
    const { refreshToken } = await dialect.grant();
    assert.equal(await dialect.statusWith(refreshToken), 401);
    ok(await dialect.refresh(refreshToken));
  });

  test('disabling its user, or letting the account expire, stops a refresh token and its JWTs at once', async () => {
    const user = await dialect.createUser();
    const grant = await dialect.grant({}, user);
    const jwt = await dialect.jwt();
    const path = `/api/v1/usermgmt/users/${encodeURIComponent(user.userId)}`;
    ok(await dialect.api.patch(path, { expires_at: '2020-01-01T00:00:00.000000Z' }, { jwt }));
    assert.deepEqual(errorOf(await dialect.refresh(grant.refreshToken)), invalidToken);
    assert.equal(await dialect.statusWith(grant.jwt), 401);
  });

  test('deleting its user stops a refresh token and its JWTs at once', async () => {
    const user = await dialect.createUser();
    const grant = await dialect.grant({}, user);
    const jwt = await dialect.jwt();
    const deleted = await dialect.api.delete(`/api/v1/usermgmt/users/${user.userId}`, { jwt });
    assert.equal(deleted.status, 204);
    assert.deepEqual(errorOf(await dialect.refresh(grant.refreshToken)), invalidToken);
    assert.equal(await dialect.statusWith(grant.jwt), 401);
  });

  test('a password change leaves refresh tokens alone', async () => {
    const user = await dialect.createUser();
    const { refreshToken } = await dialect.grant({}, user);
    const change = { username: user.username, password: user.password, new_password: `${user.password}X2` };
    ok(await dialect.api.patch('/api/v1/auth/changepw', change));
    ok(await dialect.refresh(refreshToken));
  });
});

forEachEngine((engine) => {
  describe('another installation', () => {
    let servers: Server[];
    before(async () => {
      servers = await Promise.all([engine.start(), engine.start()]);
    });
    after(async () => {
      await Promise.all(servers.map((server) => server.stop()));
    });

    test("knows neither this one's refresh tokens nor its JWTs", async () => {
      const [here, there] = servers.map((server) => dialectOf(() => server));
      assert.ok(here && there);
      const grant = await here.grant();
      assert.deepEqual(errorOf(await there.refresh(grant.refreshToken)), invalidToken);
      assert.equal(await there.statusWith(grant.jwt), 401);
      ok(await here.refresh(grant.refreshToken));
    });
  });
});
