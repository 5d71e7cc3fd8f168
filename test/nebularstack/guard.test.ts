/**
 * Somebody's API behind `@tessera/guard`, with the keys the server publishes and the questions it answers. Spec nebularstack §8
 * X1, X2, §9 V3-3, V3-4; acceptance 25, 26, 28, 29 at a guard.
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  decideScopedRequest,
  type GuardDecision,
  type OnlineAnswer,
  type ScopedGuard,
  type TenantMembership,
} from '@tessera/guard';
import { createRemoteKeySet, createTokenVerifier, verifyWithRemoteKeys } from '@tessera/token';
import {
  type Account,
  type Dialect,
  day,
  decodeJwt,
  minute,
  noContent,
  ok,
  onEachEngine,
} from './dialect.ts';

onEachEngine((dialect) => {
  let [acme, other] = ['', ''];
  let [alpha, shut, gamma] = ['', '', ''];
  let ann: Account;
  let guard: ScopedGuard;
  before(async () => {
    [acme, other] = [await dialect.createDomain(), await dialect.createDomain()];
    [alpha, shut] = [await dialect.createTenant(acme), await dialect.createTenant(acme)];
    gamma = await dialect.createTenant(other);
    await dialect.changeTenant(shut, { enabled: false });
    ann = await dialect.createUser(
      acme,
      ['Support', acme],
      ['Customer', acme, alpha],
      ['Customer', other, gamma],
    );
    guard = guardOf(dialect);
  });

  const decide = (
    token: string,
    headers: Record<string, string> = {},
    roles: readonly string[] = ['Support'],
    by: ScopedGuard = guard,
  ): Promise<GuardDecision> =>
    decideScopedRequest(by, {
      headers: Object.entries({ 'X-Auth-Token': token, ...headers }).flat(),
      roles,
      nowSeconds: dialect.nowMs() / 1000,
    });
  const statusOf = (decision: GuardDecision): number | string =>
    decision.kind === 'allowed' ? 200 : `${decision.status}${decision.expired ? ' expired' : ''}`;

  describe('tokens of V1 and V2', () => {
    test('are accepted where they are for, with the roles they carry', async () => {
      for (const { token } of [ok(await dialect.v1(ann)).body, ok(await dialect.v2(ann)).body]) {
        const decision = await decide(token);
        assert.ok(decision.kind === 'allowed');
        assert.deepEqual(decision.context, { domain: acme, tenantId: null, roles: ['Support'] });
        assert.equal(decision.caller.userId, ann.id);
        assert.equal(statusOf(await decide(token, {}, ['Administrator'])), '403');
        assert.equal(statusOf(await decide(token, {}, [])), 200);
      }
    });

    test('act in a tenant of their domain by header, and nowhere else (25, 26)', async () => {
      const { token } = ok(await dialect.v2(ann)).body;
      const tries: readonly [Record<string, string>, number | string][] = [
        [{ 'X-Tenant-ID': alpha }, 200],
        [{ 'x-tenant-id': alpha }, 200],
        [{ 'X-Domain': acme, 'X-Tenant-ID': alpha }, 200],
        [{ 'X-Tenant-ID': gamma }, '403'],
        [{ 'X-Tenant-ID': shut }, '403'],
        [{ 'X-Domain': other }, '403'],
        [{ 'X-Tenant-ID': '' }, '400'],
        [{ 'X-Tenant-ID': `${alpha},${alpha}` }, '400'],
        [{ 'X-Tenant-ID': alpha, 'x-tenant-id': alpha }, '400'],
      ];
      for (const [headers, status] of tries) {
        assert.equal(statusOf(await decide(token, headers)), status, JSON.stringify(headers));
      }
      assert.equal(statusOf(await decide(token, { 'X-Tenant-ID': alpha }, ['Customer'])), '403');
    });

    test('end at `exp`, told as expired; changed ones are plain 401', async () => {
      const { token } = ok(await dialect.v2(ann)).body;
      const [header, , signature] = token.split('.');
      const claims = { ...decodeJwt(token).claims, roles: ['Root'] };
      const changed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
      assert.equal(statusOf(await decide(changed)), '401');
      dialect.advance(61 * minute);
      assert.equal(statusOf(await decide(token)), '401 expired');
      assert.equal(statusOf(await decide(changed)), '401');
    });

    test('that are minimal pass where no role is needed alone', async () => {
      const { token } = ok(await dialect.v2(ann, { type: 'minimal' })).body;
      assert.equal(statusOf(await decide(token)), '403');
      assert.equal(statusOf(await decide(token, {}, [])), 200);
    });

    test('of ciphertrust are none', async () => {
      const headers = { 'content-type': 'application/json' };
      const body = { username: 'admin', password: dialect.server.adminPassword };
      const { jwt } = ok(await dialect.call('POST', '/api/v1/auth/tokens', { headers, body })).body;
      assert.equal(statusOf(await decide(jwt, {}, [])), '401');
    });
  });

  describe('tokens of V3', () => {
    test('are asked about at every use: closed is 401 at once, and roles are those of the moment (28)', async () => {
      const user = await dialect.createUser(acme, ['Support', acme]);
      const { token } = ok(await dialect.v3(user, {}, { headers: { 'X-Domain': acme } })).body;
      assert.equal(statusOf(await decide(token)), 200);
      await dialect.unassign(user.id, 'Support', acme);
      assert.equal(statusOf(await decide(token)), '403');
      await dialect.assign(user.id, 'Support', acme);
      assert.equal(statusOf(await decide(token)), 200);
      noContent(await dialect.call('DELETE', '/v3/token', { token }));
      assert.equal(statusOf(await decide(token)), '401');
    });

    test('without scope take the context of the request', async () => {
      const { token } = ok(await dialect.v3(ann)).body;
      assert.equal(statusOf(await decide(token, { 'X-Domain': acme })), 200);
      assert.equal(
        statusOf(await decide(token, { 'X-Domain': other, 'X-Tenant-ID': gamma }, ['Customer'])),
        200,
      );
      assert.equal(statusOf(await decide(token, { 'X-Domain': other })), '403');
      assert.equal(statusOf(await decide(token, { 'X-Domain': acme, 'X-Tenant-ID': gamma })), '403');
    });

    test('unused for 365 days are told as expired', async () => {
      const { token } = ok(await dialect.v3(ann, {}, { headers: { 'X-Domain': acme } })).body;
      dialect.advance(365 * day + minute);
      assert.equal(statusOf(await decide(token)), '401 expired');
    });

    test('are refused by who verifies offline alone (29), and where the server cannot be asked it is 503', async () => {
      const { token } = ok(await dialect.v3(ann, {}, { headers: { 'X-Domain': acme } })).body;
      assert.equal(statusOf(await decide(token, {}, [], { ...guard, askService: null })), '401');
      const cutOff: ScopedGuard = { ...guard, askService: async () => ({ kind: 'unknown' }) };
      assert.equal(statusOf(await decide(token, {}, [], cutOff)), '503');
      const { token: v2 } = ok(await dialect.v2(ann)).body;
      const blind: ScopedGuard = {
        ...guard,
        tenantMembership: async (): Promise<TenantMembership> => 'unknown',
      };
      assert.equal(statusOf(await decide(v2, { 'X-Tenant-ID': alpha }, [], blind)), '503');
    });
  });
});

/** A guard that knows of the server what anybody may ask it. */
function guardOf(dialect: Dialect): ScopedGuard {
  const { url } = dialect.server;
  const keys = createRemoteKeySet({ url: `${url}/.well-known/jwks.json`, clock: () => performance.now() });
  const verifier = createTokenVerifier({ keys, issuer: url, type: 'JWT', expiry: 'optional' });
  return {
    verify: (token, nowSeconds) => verifyWithRemoteKeys(keys, () => verifier.verify(token, nowSeconds)),
    async tenantMembership(tenantId, domain) {
      const token = await dialect.operator();
      const { status, body } = await dialect.call('GET', `/v1/tenant/${encodeURIComponent(tenantId)}`, {
        token,
      });
      return status === 200 && body.enabled && body.domain === domain ? 'member' : 'stranger';
    },
    async askService(token, { domain, tenantId }): Promise<OnlineAnswer> {
      const { status, headers, body } = await dialect.call('GET', '/v1/access?l=-1', { token });
      if (status === 401) return { kind: headers.get('x-expired-token') === 'true' ? 'expired' : 'ended' };
      if (status === 403) return { kind: 'refused' };
      if (status !== 200) return { kind: 'unknown' };
      type Row = { domain: string; tenant_id: string | null; roles: string[] };
      const row = body.payload.find((found: Row) => found.domain === domain && found.tenant_id === tenantId);
      if (row === undefined) return { kind: 'refused' };
      return { kind: 'context', context: { domain, tenantId, roles: row.roles } };
    },
  };
}
