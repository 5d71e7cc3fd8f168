/** What a sign-in begins with. On both engines. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { defaultPolicy, type PasswordPolicy } from '../../src/domain/password-policy.ts';
import { findAccount } from '../../src/store/accounts.ts';
import { insertDomain, updateDomain } from '../../src/store/domains.ts';
import { deletePolicy, insertPolicy } from '../../src/store/password-policies.ts';
import { insertUser } from '../../src/store/users.ts';
import { onBothEngines } from './engines.ts';
import { aDomain, aUser } from './records.ts';

onBothEngines('an account', (store) => {
  const domain = aDomain({ name: `Köln ${randomUUID()}` });
  const global: PasswordPolicy = { ...defaultPolicy, name: 'global', createdAtMs: 1, updatedAtMs: 2 };
  const strict: PasswordPolicy = { ...global, name: 'strict', historyThreshold: 7 };
  const ada = aUser({ domainId: domain.id, username: 'Ada', name: 'Ada L.', passwordPolicy: 'strict' });
  const bob = aUser({ domainId: domain.id, username: 'Bob', enabled: false });
  const find = (username: string, changes = {}) =>
    findAccount(store.db, { domain: domain.name, connection: 'local', username, ...changes });

  before(async () => {
    const { db } = store;
    await db.write([
      insertDomain(db, domain),
      insertPolicy(db, global),
      insertPolicy(db, strict),
      insertUser(db, ada),
      insertUser(db, bob),
    ]);
  });

  test('is found by the domain’s name or id, without regard to case, with the rules of its password', async () => {
    const found = { domainName: domain.name, holder: { user: ada, policy: strict } };
    assert.deepEqual(await find('Ada'), found);
    assert.deepEqual(await find('aDA', { domain: domain.name.toUpperCase().normalize('NFD') }), found);
    assert.deepEqual(await find('ada', { domain: domain.id.toUpperCase() }), found);
  });

  test('without a policy of its own goes by the global one, and so when its own is gone', async () => {
    assert.deepEqual((await find('bob'))?.holder, { user: bob, policy: global });
    await store.db.write([deletePolicy(store.db, 'strict')]);
    assert.deepEqual((await find('ada'))?.holder, { user: ada, policy: global });
  });

  test('that is not there still tells what its domain is called; of an unknown domain nothing is told', async () => {
    const nobody = { domainName: domain.name, holder: null };
    assert.deepEqual(await find('eve'), nobody);
    assert.deepEqual(await find('ada', { connection: 'ldap' }), nobody);
    assert.equal(await find('ada', { domain: randomUUID() }), null);
    assert.equal(await find('ada', { domain: 'nowhere' }), null);
    await store.db.write([updateDomain(store.db, { ...domain, enabled: false })]);
    assert.deepEqual(await find('ada'), nobody, 'in a disabled domain');
  });
});
