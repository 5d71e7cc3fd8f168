/** The context headers at the server's own routes. Spec nebularstack §8; acceptance 25, 26. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import { sendRaw } from '../harness/raw-http.ts';
import { type Account, assertForbidden, assertMalformed, ok, onEachEngine } from './dialect.ts';

onEachEngine((dialect) => {
  let [acme, other] = ['', ''];
  let [alpha, beta, shut, gamma] = ['', '', '', ''];
  let ann: Account;
  let inAlpha: Account;
  let inGamma: Account;
  before(async () => {
    [acme, other] = [await dialect.createDomain(), await dialect.createDomain()];
    [alpha, beta, shut] = [
      await dialect.createTenant(acme),
      await dialect.createTenant(acme),
      await dialect.createTenant(acme),
    ];
    gamma = await dialect.createTenant(other);
    ann = await dialect.createUser(
      acme,
      ['Administrator', acme],
      ['Customer', acme, alpha],
      ['Support', other, gamma],
    );
    inAlpha = await dialect.createUser(acme, ['Customer', acme, alpha]);
    inGamma = await dialect.createUser(other, ['Customer', other, gamma]);
    await dialect.changeTenant(shut, { enabled: false });
  });

  type Headers = Record<string, string>;
  /** What a token is asked for: where the list of users is read shows the context. */
  const users = (token: string, headers: Headers = {}): Promise<Answer> =>
    dialect.call('GET', '/v1/users?l=-1', { token, headers });
  const idsIn = (answer: Answer): string[] =>
    ok(answer)
      .body.payload.map(({ id }: { id: string }) => id)
      .toSorted();

  const everybodyOfAcme = (): string[] => [ann.id, inAlpha.id].toSorted();

  describe('a domain token', () => {
    let token = '';
    before(async () => {
      token = ok(await dialect.v2(ann)).body.token;
    });

    test('acts in its domain without headers, or with its own', async () => {
      for (const headers of [{}, { 'X-Domain': acme }, { 'X-Domain': acme.toUpperCase() }] as Headers[]) {
        assert.deepEqual(idsIn(await users(token, headers)), everybodyOfAcme());
      }
    });

    test('acts in the tenant of its domain that `X-Tenant-ID` names, in any spelling of the header (25)', async () => {
      for (const name of ['X-Tenant-ID', 'X-Tenant-Id', 'x-tenant-id', 'X-TENANT-ID']) {
        assert.deepEqual(idsIn(await users(token, { [name]: alpha })), everybodyOfAcme());
        assert.deepEqual(idsIn(await users(token, { [name]: beta })), []);
        assert.deepEqual(idsIn(await users(token, { [name]: alpha, 'X-Domain': acme })), everybodyOfAcme());
      }
    });

    test('is 403 with a foreign, unknown or disabled tenant, or another domain (26)', async () => {
      const refused: Headers[] = [
        { 'X-Tenant-ID': gamma },
        { 'X-Tenant-ID': shut },
        { 'X-Tenant-ID': '00000000-0000-4000-8000-000000000000' },
        { 'X-Tenant-ID': 'alpha' },
        { 'X-Tenant-ID': acme },
        { 'X-Domain': other },
        { 'X-Domain': other, 'X-Tenant-ID': gamma },
        { 'X-Domain': other, 'X-Tenant-ID': alpha },
        { 'X-Domain': 'nowhere.example' },
      ];
      for (const headers of refused) assertForbidden(await users(token, headers));
    });

    test('gets no role by a header: those of the tenant do not count (X1)', async () => {
      const clerk = await dialect.createUser(
        other,
        ['Subscriber Support', acme],
        ['Administrator', acme, alpha],
      );
      const inAcme = { user_domain: other, domain: acme };
      const domainToken = ok(await dialect.v2(clerk, inAcme)).body.token;
      assertForbidden(await users(domainToken));
      assertForbidden(await users(domainToken, { 'X-Tenant-ID': alpha }));
      const tenantToken = ok(await dialect.v2(clerk, { ...inAcme, tenant_id: alpha })).body.token;
      ok(await users(tenantToken));
      await dialect.unassign(clerk.id, 'Administrator', acme, alpha);
      await dialect.unassign(clerk.id, 'Subscriber Support', acme);
    });
  });

  describe('a tenant token', () => {
    test('acts in its tenant, and is 403 with another or another domain (26)', async () => {
      const { token } = ok(await dialect.v2(ann, { tenant_id: alpha })).body;
      const own: Headers[] = [
        {},
        { 'X-Tenant-ID': alpha },
        { 'X-Domain': acme },
        { 'X-Domain': acme, 'X-Tenant-ID': alpha },
      ];
      for (const headers of own) {
        assert.deepEqual(idsIn(await users(token, headers)), everybodyOfAcme());
      }
      const refused: Headers[] = [
        { 'X-Tenant-ID': beta },
        { 'X-Tenant-ID': gamma },
        { 'X-Domain': other },
        { 'X-Domain': other, 'X-Tenant-ID': alpha },
        { 'X-Domain': acme, 'X-Tenant-ID': beta },
      ];
      for (const headers of refused) assertForbidden(await users(token, headers));
    });
  });

  describe('an unscoped token', () => {
    test('of V1 or V2 is 403 with any context header', async () => {
      const unscoped = { domain: undefined, user_domain: acme };
      for (const login of [await dialect.v1(ann, unscoped), await dialect.v2(ann, unscoped)]) {
        const { token } = ok(login).body;
        ok(await dialect.call('GET', '/v1/domains', { token }));
        for (const headers of [{ 'X-Domain': acme }, { 'X-Tenant-ID': alpha }] as Headers[]) {
          assertForbidden(await dialect.call('GET', '/v1/domains', { token, headers }));
          assertForbidden(await users(token, headers));
        }
      }
    });

    test('of V3 takes the context from the request, with the roles held there (27)', async () => {
      const { token } = ok(await dialect.v3(ann)).body;
      assert.deepEqual(idsIn(await users(token, { 'X-Domain': acme })), everybodyOfAcme());
      assert.deepEqual(idsIn(await users(token, { 'X-Tenant-ID': alpha })), everybodyOfAcme());
      assert.deepEqual(
        idsIn(await users(token, { 'X-Domain': other, 'X-Tenant-ID': gamma })),
        [ann.id, inGamma.id].toSorted(),
      );
      const refused: Headers[] = [
        { 'X-Domain': other },
        { 'X-Domain': acme, 'X-Tenant-ID': gamma },
        { 'X-Tenant-ID': shut },
        { 'X-Domain': 'nowhere.example' },
      ];
      for (const headers of refused) assertForbidden(await users(token, headers));
    });
  });

  test('a context header that is empty, twice or joined by a comma is 400, at whichever token (26)', async () => {
    const tokens = [ok(await dialect.v1(ann)).body.token, ok(await dialect.v3(ann)).body.token];
    const { host } = new URL(dialect.server.url);
    for (const token of tokens) {
      for (const [name, value] of [
        ['X-Domain', acme],
        ['X-Tenant-ID', alpha],
      ] as const) {
        for (const text of ['', `${value},${value}`, `${value}, ${value}`]) {
          assertMalformed(await users(token, { [name]: text }), new RegExp(name, 'i'));
        }
        for (const lines of [
          `${name}: ${value}\r\n${name}: ${value}`,
          `${name}: ${value}\r\n${name.toLowerCase()}: x`,
        ]) {
          const head = `GET /v1/users HTTP/1.1\r\nHost: ${host}\r\nX-Auth-Token: ${token}\r\n${lines}\r\nConnection: close\r\n\r\n`;
          assert.match(await sendRaw(dialect.server.url, head), /^HTTP\/1\.1 400 /);
        }
      }
    }
  });
});
