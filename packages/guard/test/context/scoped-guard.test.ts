/** Guarantees of a guard before a resource server, with real keys and tokens. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideScopedRequest, type GuardDecision, type OnlineAnswer, type ScopedGuard } from '@tessera/guard';
import {
  createTokenVerifier,
  generateSigningKey,
  keySet,
  RemoteKeysError,
  signToken,
  verificationKeyOf,
} from '@tessera/token';

const issuer = 'https://id.example';
const nowSeconds = 1_800_000_000;
const [key, other] = [generateSigningKey('ES256'), generateSigningKey('ES256')];

const claims = {
  iss: issuer,
  user_id: 'u1',
  username: 'ann',
  user_domain: 'acme.example',
  domain: 'acme.example',
  roles: ['Support'],
  exp: nowSeconds + 60,
  sid: 's1',
  ver: 2,
  type: 'standard',
};
const without = (...names: string[]): object =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));

const verifier = createTokenVerifier({
  keys: keySet([verificationKeyOf(key)]),
  issuer,
  expiry: 'optional',
});

const guard: ScopedGuard = {
  verify: (token, now) => verifier.verify(token, now),
  tenantMembership: (tenantId) => (tenantId === 't1' ? 'member' : tenantId === 't0' ? 'unknown' : 'stranger'),
  askService: null,
};

const decide = (
  body: object,
  {
    headers = [],
    roles = ['Support'],
    by = guard,
  }: { headers?: string[]; roles?: string[]; by?: ScopedGuard } = {},
): Promise<GuardDecision> =>
  decideScopedRequest(by, { headers: ['X-Auth-Token', signToken(key, body), ...headers], roles, nowSeconds });

async function refused(decision: Promise<GuardDecision>, status: number, expired = false): Promise<void> {
  assert.deepEqual(await decision, { kind: 'refused', status, expired });
}

async function contextOf(decision: Promise<GuardDecision>): Promise<object> {
  const made = await decision;
  assert.equal(made.kind, 'allowed');
  return made.kind === 'allowed' ? made.context : {};
}

test('a token of its own, a role it needs, and the tenant its header names', async () => {
  assert.deepEqual(await contextOf(decide(claims)), {
    domain: 'acme.example',
    tenantId: null,
    roles: ['Support'],
  });
  assert.deepEqual(await contextOf(decide(claims, { headers: ['x-tenant-id', 't1'], roles: [] })), {
    domain: 'acme.example',
    tenantId: 't1',
    roles: ['Support'],
  });
  await contextOf(decide({ ...claims, roles: ['Root'] }, { roles: ['Administrator'] }));
  await refused(decide(claims, { roles: ['Administrator'] }), 403);
  await refused(decide(claims, { headers: ['X-Tenant-ID', 't2'] }), 403);
  await refused(decide(claims, { headers: ['X-Tenant-ID', 't0'] }), 503);
  await refused(decide(claims, { headers: ['X-Domain', ''] }), 400);
  await refused(decide(claims, { headers: ['x-auth-token', signToken(key, claims)] }), 400);
});

test('a token that is missing, foreign, changed or expired is 401, and only the expired one is said to be', async () => {
  const seen = (...headers: string[]) => decideScopedRequest(guard, { headers, roles: [], nowSeconds });
  await refused(seen(), 401);
  await refused(seen('X-Auth-Token', 'a.b.c'), 401);
  await refused(seen('X-Auth-Token', signToken(other, claims)), 401);
  await refused(seen('X-Auth-Token', signToken(other, { ...claims, exp: 1 })), 401);
  await refused(decide({ ...claims, iss: 'https://other.example' }), 401);
  await refused(decide({ ...claims, exp: nowSeconds }), 401, true);
});

test('without keys to verify with, nothing is decided', async () => {
  const verify = (): never => {
    throw new RemoteKeysError('unreachable');
  };
  await refused(decide(claims, { by: { ...guard, verify } }), 503);
});

test('other tokens of the same issuer are none of this dialect', async () => {
  for (const name of ['user_id', 'username', 'sid', 'ver', 'type', 'roles'])
    await refused(decide(without(name), { roles: [] }), 401);
  for (const change of [
    { ver: '2' },
    { ver: 4 },
    { type: 'refresh' },
    { roles: 'Support' },
    { roles: [1] },
    { domain: 7 },
    { tenant_id: '' },
  ])
    await refused(decide({ ...claims, ...change }, { roles: [] }), 401);
});

test('a minimal token opens nothing that needs a role, whatever it carries', async () => {
  const minimal = { ...claims, type: 'minimal', roles: ['Root'] };
  await refused(decide(minimal), 403);
  const asked = { domain: 'acme.example', tenantId: null, roles: ['Root'] };
  const by: ScopedGuard = { ...guard, askService: async () => ({ kind: 'context', context: asked }) };
  await refused(decide({ ...minimal, ver: 3 }, { by }), 403);
  assert.deepEqual((await contextOf(decide(minimal, { roles: [] }))) as { roles: unknown }, {
    domain: 'acme.example',
    tenantId: null,
    roles: [],
  });
});

test('a token without end is refused, unless it is of version 3 and the service vouches for it', async () => {
  const endless = without('exp', 'roles');
  await refused(decide(without('exp')), 401);
  await refused(decide({ ...without('exp'), ver: 1 }), 401);
  await refused(decide({ ...endless, ver: 3 }), 401);
  const vouched = (answer: OnlineAnswer): ScopedGuard => ({ ...guard, askService: async () => answer });
  const ask = (answer: OnlineAnswer, headers: string[] = []) =>
    decide({ ...endless, ver: 3 }, { by: vouched(answer), headers });
  const own = { domain: 'acme.example', tenantId: null, roles: ['Support'] };
  assert.deepEqual(await contextOf(ask({ kind: 'context', context: own })), own);
  await refused(ask({ kind: 'context', context: own }, ['X-Domain', 'other.example']), 403);
  await refused(ask({ kind: 'ended' }), 401);
  await refused(ask({ kind: 'expired' }), 401, true);
  await refused(ask({ kind: 'refused' }), 403);
  await refused(ask({ kind: 'unknown' }), 503);
});

test('an unscoped token of version 3 acts where its headers say, with the roles the service gives there', async () => {
  const asked: unknown[] = [];
  const by: ScopedGuard = {
    ...guard,
    askService: async (_token, { domain, tenantId }) => {
      asked.push([domain, tenantId]);
      return { kind: 'context', context: { domain, tenantId, roles: ['Support'] } };
    },
  };
  const unscoped = { ...without('exp', 'roles', 'domain'), ver: 3 };
  const headers = ['X-Domain', 'acme.example', 'X-Tenant-ID', 't1'];
  assert.deepEqual(await contextOf(decide(unscoped, { by, headers })), {
    domain: 'acme.example',
    tenantId: 't1',
    roles: ['Support'],
  });
  assert.deepEqual(asked, [['acme.example', 't1']]);
});
