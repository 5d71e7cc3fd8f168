/** V3: tokens like API keys. Spec nebularstack §9; acceptance 27–29. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { Answer } from '../harness/http.ts';
import {
  type Account,
  assertExpired,
  assertForbidden,
  assertMalformed,
  assertUnauthorized,
  day,
  decodeJwt,
  minute,
  noContent,
  ok,
  onEachEngine,
} from './dialect.ts';

onEachEngine((dialect) => {
  let [acme, other] = ['', ''];
  let [alpha, gamma] = ['', ''];
  let mia: Account;
  before(async () => {
    [acme, other] = [await dialect.createDomain(), await dialect.createDomain()];
    [alpha, gamma] = [await dialect.createTenant(acme), await dialect.createTenant(other)];
    mia = await dialect.createUser(
      acme,
      ['Support', acme],
      ['Customer', acme, alpha],
      ['Support', other, gamma],
    );
  });

  const use = (token: string, headers: Record<string, string> = {}): Promise<Answer> =>
    dialect.call('GET', '/v1/users', { token, headers });
  const inAcme = { headers: { 'X-Domain': 'unset' } };
  before(() => {
    inAcme.headers['X-Domain'] = acme;
  });

  describe('a login', () => {
    test('takes its context from the headers; `context` is always an object (27)', async () => {
      const contexts: readonly [
        headers: Record<string, string>,
        domain: string | null,
        tenant: string | null,
        roles: string[],
      ][] = [
        [{}, null, null, []],
        [{ 'X-Domain': acme }, acme, null, ['Support']],
        [{ 'X-Domain': acme, 'X-Tenant-ID': alpha }, acme, alpha, ['Customer', 'Support']],
        [{ 'x-tenant-id': gamma }, other, gamma, ['Support']],
      ];
      for (const [headers, domain, tenantId, roles] of contexts) {
        const { body } = ok(
          await dialect.v3(mia, {}, { headers: { ...headers, 'X-Timezone': 'Africa/Johannesburg' } }),
        );
        const { token, token_id: tokenId, creation_time: created, user_region: region, ...others } = body;
        assert.deepEqual(others, {
          token_app: 'API',
          context: { domain, tenant_id: tenantId },
          ...(domain === null ? {} : { domain }),
          ...(tenantId === null ? {} : { tenant_id: tenantId }),
          user_id: mia.id,
          username: mia.username,
          name: 'Some One',
          roles,
        });
        assert.ok(typeof tokenId === 'string' && tokenId !== '');
        assert.match(created, /\+02:00$/);
        const { claims } = decodeJwt(token);
        assert.deepEqual([claims.ver, claims.type, claims.user_id], [3, 'standard', mia.id]);
        for (const claim of ['exp', 'roles']) assert.ok(!(claim in claims), claim);
      }
    });

    test('takes the body’s `domain` as home: a tenant of the body is not looked at, a refused context is 403', async () => {
      assertForbidden(await dialect.v3(mia, {}, { headers: { 'X-Domain': other } }));
      assertForbidden(await dialect.v3(mia, {}, { headers: { 'X-Domain': acme, 'X-Tenant-ID': gamma } }));
      assertUnauthorized(await dialect.v3(mia, { domain: other }));
      assertMalformed(await dialect.v3(mia, {}, { headers: { 'X-Domain': '' } }), /X-Domain/i);
      const { body } = ok(await dialect.v3(mia, { tenant_id: alpha, type: 'minimal' }));
      assert.deepEqual(body.context, { domain: null, tenant_id: null });
    });

    test('makes a token of its own each time', async () => {
      const [one, two] = [ok(await dialect.v3(mia)).body, ok(await dialect.v3(mia)).body];
      assert.notEqual(one.token_id, two.token_id);
      noContent(await dialect.call('DELETE', '/v3/token', { token: one.token }));
      ok(await use(two.token, inAcme.headers));
    });
  });

  test('an unscoped token takes its context from each request (27)', async () => {
    const { token } = ok(await dialect.v3(mia)).body;
    assertForbidden(await use(token));
    ok(await use(token, { 'X-Domain': acme }));
    ok(await use(token, { 'X-Domain': acme, 'X-Tenant-ID': alpha }));
    ok(await use(token, { 'X-Tenant-ID': gamma }));
    assertForbidden(await use(token, { 'X-Domain': other }));
  });

  test('DELETE with a JSON content type and an empty body ends the token: 204, then 401 at once, without "expired" (28)', async () => {
    for (const headers of [
      { 'content-type': 'application/json' },
      { 'content-type': 'application/json', 'X-Domain': other, 'X-Tenant-ID': alpha },
      {},
    ] as Record<string, string>[]) {
      const { token } = ok(await dialect.v3(mia, {}, inAcme)).body;
      ok(await use(token));
      noContent(await dialect.call('DELETE', '/v3/token', { token, headers }));
      assertUnauthorized(await use(token));
      assertUnauthorized(await dialect.call('DELETE', '/v3/token', { token, headers }));
    }
  });

  test('a token unused for 365 days is 401 expired; one used on day 364 lives on (29)', async () => {
    const unused = ok(await dialect.v3(mia, {}, inAcme)).body.token;
    const used = ok(await dialect.v3(mia, {}, inAcme)).body.token;
    dialect.advance(364 * day);
    ok(await use(used));
    dialect.advance(day + minute);
    assertExpired(await use(unused));
    assertExpired(await dialect.call('DELETE', '/v3/token', { token: unused }));
    ok(await use(used));
    dialect.advance(364 * day);
    ok(await use(used));
    dialect.advance(366 * day);
    assertExpired(await use(used));
  });

  test('a login is no use of another token: each is counted by itself', async () => {
    const { token } = ok(await dialect.v3(mia, {}, inAcme)).body;
    dialect.advance(200 * day);
    ok(await dialect.v3(mia));
    dialect.advance(166 * day);
    assertExpired(await use(token));
  });

  test('an offline verifier that demands `exp` refuses it, though the signature is good (29)', async () => {
    const { token } = ok(await dialect.v3(mia)).body;
    const keys = createLocalJWKSet((await dialect.call('GET', '/.well-known/jwks.json')).body);
    ok({ ...(await use(token, inAcme.headers)) });
    await jwtVerify(token, keys, { algorithms: ['RS256'] });
    await assert.rejects(jwtVerify(token, keys, { algorithms: ['RS256'], requiredClaims: ['exp'] }), {
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      claim: 'exp',
    });
  });

  test('roles are those of this moment, in the token’s scope and in the request’s', async () => {
    const user = await dialect.createUser(acme, ['Support', acme]);
    const scoped = ok(await dialect.v3(user, {}, inAcme)).body.token;
    const unscoped = ok(await dialect.v3(user)).body.token;
    ok(await use(scoped));
    ok(await use(unscoped, inAcme.headers));
    await dialect.unassign(user.id, 'Support', acme);
    assertForbidden(await use(scoped));
    assertForbidden(await use(unscoped, inAcme.headers));
    await dialect.assign(user.id, 'Support', acme);
    ok(await use(scoped));
    await dialect.changeUser(user, { enabled: false });
    assertUnauthorized(await use(scoped));
  });
});
