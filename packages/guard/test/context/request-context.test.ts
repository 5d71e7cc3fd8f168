/** Guarantees of the context a request acts in. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ContextLookups,
  type ContextResult,
  resolveContext,
  type ScopeAnswer,
  type TenantMembership,
  type TokenContext,
  type WantedContext,
} from '@tessera/guard';
import fc from 'fast-check';

const acme = 'acme.example';
const other = 'other.example';
/** Enabled tenants; `t9`, of acme, is disabled. */
const domainOf: Readonly<Record<string, string>> = { t1: acme, t2: acme, t3: other };
const tenantRoles = ['Customer'];

const lookups: ContextLookups = {
  tenantMembership: (tenantId, domain) => (domainOf[tenantId] === domain ? 'member' : 'stranger'),
  // The user may enter acme and all of its tenants.
  enterScope: ({ domain, tenantId }) => {
    const entered = domain ?? (tenantId === null ? null : (domainOf[tenantId] ?? null));
    const stands = tenantId === null || domainOf[tenantId] === entered;
    if (entered !== acme || !stands) return { kind: 'refused' };
    return { kind: 'context', context: { domain: entered, tenantId, roles: tenantRoles } };
  },
};

const roles = ['Support'];
const tokens = {
  domain: (version: 1 | 2 | 3): TokenContext => ({ version, domain: acme, tenantId: null, roles }),
  tenant: (version: 1 | 2 | 3): TokenContext => ({ version, domain: acme, tenantId: 't1', roles }),
  unscoped: (version: 1 | 2 | 3): TokenContext => ({ version, domain: null, tenantId: null, roles }),
};

const refused: ContextResult = { kind: 'refused' };
const acts = (domain: string | null, tenantId: string | null, held = roles): ContextResult => ({
  kind: 'context',
  context: { domain, tenantId, roles: held },
});

type Row = readonly [domain: string | null, tenantId: string | null, result: ContextResult];

/** Every combination of headers, against one kind of token. */
async function holds(token: TokenContext, rows: readonly Row[]): Promise<void> {
  for (const [domain, tenantId, result] of rows) {
    const got = await resolveContext(token, { domain, tenantId }, lookups);
    assert.deepEqual(got, result, `ver ${token.version}, ${domain}, ${tenantId}`);
  }
}

/** Whatever tenant comes along, another domain than the token's is refused. */
const otherDomain: readonly Row[] = [null, 't1', 't2', 't3', 't9', 'nowhere'].map((tenantId) => [
  other,
  tenantId,
  refused,
]);

test('a domain token acts in its domain, and in the enabled tenants of it, with its own roles', async () => {
  for (const version of [1, 2, 3] as const) {
    for (const domain of [null, acme, 'ACME.Example'])
      await holds(tokens.domain(version), [
        [domain, null, acts(acme, null)],
        [domain, 't1', acts(acme, 't1')],
        [domain, 'T2', acts(acme, 't2')],
        [domain, 't3', refused],
        [domain, 't9', refused],
        [domain, 'nowhere', refused],
        [domain, acme, refused],
      ]);
    await holds(tokens.domain(version), otherDomain);
  }
});

test('a tenant token acts in its tenant and nowhere else', async () => {
  for (const version of [1, 2, 3] as const) {
    for (const domain of [null, acme, 'ACME.example'])
      await holds(tokens.tenant(version), [
        [domain, null, acts(acme, 't1')],
        [domain, 't1', acts(acme, 't1')],
        [domain, 'T1', acts(acme, 't1')],
        [domain, 't2', refused],
        [domain, 't3', refused],
        [domain, 'nowhere', refused],
      ]);
    await holds(tokens.tenant(version), otherDomain);
  }
});

test('an unscoped token of version 1 and 2 takes no context by headers', async () => {
  for (const version of [1, 2] as const)
    await holds(tokens.unscoped(version), [
      [null, null, acts(null, null)],
      [acme, null, refused],
      [null, 't1', refused],
      [acme, 't1', refused],
      ...otherDomain,
    ]);
});

test('an unscoped token of version 3 takes the context and the roles the service gives', async () => {
  await holds(tokens.unscoped(3), [
    [null, null, acts(null, null)],
    [acme, null, acts(acme, null, tenantRoles)],
    [acme, 't1', acts(acme, 't1', tenantRoles)],
    [null, 't1', acts(acme, 't1', tenantRoles)],
    [acme, 't3', refused],
    [null, 't9', refused],
    [null, 'nowhere', refused],
    ...otherDomain,
  ]);
});

test('a token that names a tenant and no domain is refused', async () => {
  for (const version of [1, 2, 3] as const)
    for (const tenantId of [null, 't1'])
      await holds({ ...tokens.tenant(version), domain: null }, [[null, tenantId, refused]]);
});

test('where the service cannot be asked, nothing is allowed that needs asking', async () => {
  const away: ContextLookups = {
    tenantMembership: () => Promise.resolve('unknown'),
    enterScope: () => ({ kind: 'unknown' }),
  };
  const wanted = { domain: null, tenantId: 't1' };
  for (const token of [tokens.domain(2), tokens.unscoped(3)])
    assert.deepEqual(await resolveContext(token, wanted, away), { kind: 'unavailable' });
  const failing: ContextLookups = { ...away, tenantMembership: () => Promise.reject(new Error('defect')) };
  await assert.rejects(resolveContext(tokens.domain(1), wanted, failing), /defect/);
  // What does not need asking goes on.
  assert.deepEqual(await resolveContext(tokens.tenant(1), wanted, away), acts(acme, 't1'));
});

const version = fc.constantFrom(1 as const, 2 as const, 3 as const);
const name = fc.constantFrom(acme, other, 'ACME.EXAMPLE', 't1', 't2', 't3', 't9', '', '*', 'none');
const maybeName = fc.option(name, { nil: null });
const anyToken: fc.Arbitrary<TokenContext> = fc.record({
  version,
  domain: fc.option(fc.constantFrom(acme, other), { nil: null }),
  tenantId: fc.option(fc.constantFrom('t1', 't2', 't3', 't9'), { nil: null }),
  roles: fc.subarray(['Administrator', 'Customer', 'Support']),
});
const anyWanted: fc.Arbitrary<WantedContext> = fc.record({ domain: maybeName, tenantId: maybeName });
const anyLookups = fc
  .record({
    membership: fc.constantFrom<TenantMembership[]>('member', 'stranger', 'unknown'),
    answer: fc.constantFrom<ScopeAnswer[]>(
      { kind: 'refused' },
      { kind: 'unknown' },
      { kind: 'context', context: { domain: acme, tenantId: 't1', roles: ['Root'] } },
    ),
  })
  .map(({ membership, answer }) => ({ tenantMembership: () => membership, enterScope: () => answer }));

test('headers never add a right: the roles stay the token’s, and its domain and tenant are never left', async () => {
  await fc.assert(
    fc.asyncProperty(anyToken, anyWanted, anyLookups, async (token, wanted, answers) => {
      const result = await resolveContext(token, wanted, answers);
      const takesContext = token.version === 3 && token.domain === null;
      if (result.kind !== 'context' || (takesContext && (wanted.domain ?? wanted.tenantId) !== null)) return;
      assert.deepEqual(result.context.roles, token.roles);
      assert.equal(result.context.domain, token.domain);
      if (token.tenantId !== null) assert.equal(result.context.tenantId, token.tenantId);
    }),
    { numRuns: 2000 },
  );
});

test('a header is obeyed or refused, never left out of account', async () => {
  await fc.assert(
    fc.asyncProperty(anyToken, anyWanted, async (token, wanted) => {
      const result = await resolveContext(token, wanted, lookups);
      if (result.kind !== 'context') return;
      const { domain, tenantId } = result.context;
      if (wanted.domain !== null) assert.equal(domain, wanted.domain.toLowerCase());
      if (wanted.tenantId !== null) assert.equal(tenantId, wanted.tenantId);
      if (tenantId !== null && tenantId !== token.tenantId) assert.equal(domainOf[tenantId], domain);
    }),
    { numRuns: 2000 },
  );
});
