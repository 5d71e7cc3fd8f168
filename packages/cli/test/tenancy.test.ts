/** Guarantees of managing domains, tenants, users and assignments with a nebularstack login, against a real server. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { newUser, type Result, type User } from './cli.ts';

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const password = secret('Right-pass1');
const run = (user: User, ...words: string[]): Promise<Result> => user.run(['tessera', ...words]);

async function answer(user: User, ...words: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(user, ...words);
  assert.deepEqual([code, stderr], [0, ''], words.join(' '));
  return stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}

const rows = async (user: User, ...words: string[]): Promise<Record<string, unknown>[]> =>
  (await answer(user, ...words)).payload as Record<string, unknown>[];

const refused = async (user: User, ...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(user, ...words);
  assert.deepEqual([code, stdout], [1, ''], words.join(' '));
  return stderr;
};

const login = async (user: User, name: string, typed: string, ...more: string[]): Promise<void> => {
  const flags = ['--dialect', 'nebularstack', '--url', server.url, '--user', name, '--password-stdin'];
  const line = ['tessera', 'login', ...flags, ...more];
  const { code, stderr } = await user.run(line, { input: `${typed}\n` });
  assert.deepEqual([code, stderr], [0, '']);
};

interface Place {
  readonly domain: string;
  readonly tenant: string;
  readonly other: string;
  readonly mia: string;
}

/** A domain with two tenants and the user mia in it, made by the administrator of everything, who stays signed in. */
async function place(admin: User, domain: string): Promise<Place> {
  await login(admin, 'admin', server.adminPassword, '--auth-domain', 'root');
  await answer(admin, 'domains', 'create', '--name', domain);
  const tenant = await answer(admin, 'tenants', 'create', '--name', 'production', '--in-domain', domain);
  const other = await answer(admin, 'tenants', 'create', '--name', 'testing', '--in-domain', domain);
  const line = ['tessera', 'users', 'create', '--username', 'mia', '--in-domain', domain, '--pword-stdin'];
  const created = await admin.run(line, { input: `${password}\n` });
  assert.equal(created.code, 0, created.stderr);
  const mia = JSON.parse(created.stdout) as { id: string };
  return { domain, tenant: String(tenant.id), other: String(other.id), mia: mia.id };
}

test('domains, tenants and users are made, listed, changed and deleted', async (t) => {
  const admin = newUser(t);
  const { domain, tenant, other, mia } = await place(admin, 'acme.example');
  const names = (await rows(admin, 'domains', 'list', '--sort', '-name')).map(({ name }) => name);
  assert.deepEqual(names.slice(-2), ['root', 'acme.example']);
  assert.equal((await answer(admin, 'domains', 'get', '--name', domain)).enabled, true);
  const found = await rows(admin, 'tenants', 'list', '--all', '--name', 'prod*');
  assert.deepEqual(
    found.map(({ id }) => id),
    [tenant],
  );
  assert.equal((await rows(admin, 'tenants', 'list', '--limit', '1', '--page', '2')).length, 1);
  assert.match(await refused(admin, 'tenants', 'list', '--limit', '51'), /"description": "l/);
  const disabled = await answer(admin, 'tenants', 'modify', '--id', other, '--enabled', 'no');
  assert.equal(disabled.enabled, false);
  assert.equal((await answer(admin, 'tenants', 'get', '--id', other)).enabled, false);
  const changed = await answer(admin, 'users', 'modify', '--id', mia, '--friendly-name', 'Mia');
  assert.equal(changed.name, 'Mia');
  assert.deepEqual(
    (await rows(admin, 'users', 'list', '--username', 'mia')).map(({ id }) => id),
    [mia],
  );
  assert.equal((await answer(admin, 'users', 'get', '--id', mia)).username, 'mia');
  await answer(admin, 'mfa', 'reset', '--user-id', mia);
  await answer(admin, 'users', 'delete', '--id', mia);
  for (const id of [tenant, other]) await answer(admin, 'tenants', 'delete', '--id', id);
  const renamed = await answer(admin, 'domains', 'modify', '--name', domain, '--new-name', 'acme2.example');
  assert.equal(renamed.name, 'acme2.example');
  await answer(admin, 'domains', 'delete', '--name', 'acme2.example');
});

test('the home domain that one user’s login keeps is not that of the next user', async (t) => {
  const shared = newUser(t);
  const { domain, mia } = await place(shared, 'shared.example');
  await answer(shared, 'assignments', 'create', '--user-id', mia, '--role', 'Customer', domain);
  assert.equal((await run(shared, 'logout')).code, 0);
  await login(shared, 'mia', password, '--domain', domain);
  assert.equal((await answer(shared, 'whoami')).user_domain, domain);
  await login(shared, 'admin', server.adminPassword, '--domain', 'root');
  assert.equal((await answer(shared, 'whoami')).user_domain, 'root');
});

test('a role with a space in its name is given and taken where the words say, whoever acts where', async (t) => {
  const admin = newUser(t);
  const { domain, tenant, mia } = await place(admin, 'beta.example');
  assert.ok(
    (await rows(admin, 'roles', 'list', '--all')).some(({ name }) => name === 'Identity Administrator'),
  );
  await answer(admin, 'scope', domain);
  const role = ['--user-id', mia, '--role'];
  const given = await answer(admin, 'assignments', 'create', ...role, 'Identity Administrator', domain);
  assert.deepEqual(given, { role: 'Identity Administrator', domain, tenant_id: null });
  await answer(admin, 'assignments', 'create', ...role, 'Customer', domain, tenant);
  const held = await rows(admin, 'assignments', 'list', '--user-id', mia);
  assert.deepEqual(
    held.map((row) => [row.role, row.tenant_id]),
    [
      ['Identity Administrator', null],
      ['Customer', tenant],
    ],
  );
  assert.match(
    await refused(admin, 'assignments', 'create', ...role, 'Support', 'none'),
    /Access denied/,
    'what is held everywhere needs a token for everywhere',
  );
  await answer(admin, 'scope', 'none');
  await answer(admin, 'assignments', 'create', ...role, 'Support', 'none');
  await answer(admin, 'assignments', 'delete', ...role, 'Support', 'none');
  await answer(admin, 'assignments', 'delete', ...role, 'Customer', domain, tenant);
  assert.equal((await rows(admin, 'assignments', 'list', '--user-id', mia)).length, 1);
});

test('--tenant acts in a tenant for one request, and never outside the kept login’s domain', async (t) => {
  const [admin, user] = [newUser(t), newUser(t)];
  const { domain, tenant, other, mia } = await place(admin, 'gamma.example');
  const strange = await place(admin, 'delta.example');
  const give = (...where: string[]) =>
    answer(admin, 'assignments', 'create', '--user-id', mia, '--role', 'Support', ...where);
  await give(domain);
  await give(domain, tenant);

  await login(user, 'mia', password, '--domain', domain);
  const ids = async (...more: string[]) => (await rows(user, 'users', 'list', ...more)).map(({ id }) => id);
  assert.deepEqual(await ids('--tenant', tenant), [mia]);
  assert.deepEqual(await ids('--tenant', other), []);
  assert.match(await refused(user, 'users', 'list', '--tenant', strange.tenant), /Access denied/);
  assert.match(await refused(user, 'users', 'list', '--domain', strange.domain), /Access denied/);
  assert.match(await refused(user, 'tenants', 'create', '--name', 'mine'), /Access denied/);

  const targets = (await rows(user, 'access')).map((row) => [row.domain, row.tenant_id]);
  assert.ok(targets.some(([name, id]) => name === domain && id === tenant));
  for (const [name, id] of targets)
    await answer(user, 'scope', String(name), ...(id === null ? [] : [String(id)]));
  assert.match(await refused(user, 'scope', strange.domain), /Access denied/);
  await answer(user, 'scope', domain, tenant);
  assert.match(await refused(user, 'users', 'list', '--tenant', other), /Access denied/);
});
