/** Guarantees of a login that keeps a pair of tokens, against a real server. @module */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { newUser, type Result, type User } from './cli.ts';

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const fileOf = (user: User): string => join(user.home, '.tessera', 'config.yaml');
const keysIn = (user: User): Map<string, string> =>
  new Map(
    readFileSync(fileOf(user), 'utf8')
      .split('\n')
      .filter((line) => line.includes(': '))
      .map((line) => line.split(': ', 2) as [string, string]),
  );

function kept(user: User, key: string): string {
  const value = keysIn(user).get(`TESSERA_${key}`);
  assert.ok(value, key);
  return /TOKEN$/.test(key) ? secret(value) : value;
}

const run = (user: User, ...words: string[]): Promise<Result> => user.run(['tessera', ...words]);
const input = (): string => `${server.adminPassword}\n`;
const loginWords = (...more: string[]): string[] => [
  'tessera',
  'login',
  '--dialect',
  'nebularstack',
  '--user',
  'admin',
  '--url',
  server.url,
  '--password-stdin',
  ...more,
];
const login = (user: User, ...more: string[]): Promise<Result> =>
  user.run(loginWords('--domain', 'root', ...more), { input: input() });

const json = ({ stdout, stderr }: Result): Record<string, unknown> => {
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Record<string, unknown>;
};
const done = (stdout: string): Result => ({ code: 0, stdout, stderr: '' });
const expires = 'this login will expire in 30 days without use\n';

test('a login keeps dialect, scope and both tokens in a private file, and no password', async (t) => {
  const user = newUser(t);
  const { code, stdout, stderr } = await login(user, '--verbose');
  assert.deepEqual([code, stdout], [0, expires]);
  const names = 'VERBOSITY RESP URL USERNAME DIALECT AUTH_DOMAIN DOMAIN ACCESSTOKEN REFRESHTOKEN NOSSLVERIFY';
  assert.deepEqual(
    [...keysIn(user).keys()],
    names.split(' ').map((name) => `TESSERA_${name}`),
  );
  assert.equal(kept(user, 'DIALECT'), 'nebularstack');
  assert.equal(kept(user, 'DOMAIN'), 'root');
  assert.equal(statSync(fileOf(user)).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dirname(fileOf(user))), ['config.yaml']);
  const file = readFileSync(fileOf(user), 'utf8');
  assert.ok(!file.includes(server.adminPassword));
  for (const hidden of [server.adminPassword, kept(user, 'ACCESSTOKEN'), kept(user, 'REFRESHTOKEN')])
    assert.ok(!stderr.includes(hidden));
  assert.match(stderr, /^> POST .*\/v2\/token .*"password":"\[secret\]"/m);
});

test('whoami shows user, scope and roles as of now, and no token', async (t) => {
  const user = newUser(t);
  await login(user);
  const shown = await run(user, 'whoami');
  const { username, domain, type, roles } = json(shown);
  assert.deepEqual([username, domain, type], ['admin', 'root', 'standard']);
  assert.ok(Array.isArray(roles) && roles.length > 0);
  for (const hidden of [kept(user, 'ACCESSTOKEN'), kept(user, 'REFRESHTOKEN')])
    assert.ok(!shown.stdout.includes(hidden));

  const other = newUser(t);
  const given = {
    TESSERA_URL: server.url,
    TESSERA_USERNAME: 'admin',
    TESSERA_PASSWORD: server.adminPassword,
  };
  const account = json(await other.run(['tessera', 'whoami'], { env: given }));
  assert.equal(account.username, 'admin');
});

test('scope changes domain and tenant of the kept login, which renewing keeps', async (t) => {
  const user = newUser(t);
  await login(user);
  const [token, refresh] = [kept(user, 'ACCESSTOKEN'), kept(user, 'REFRESHTOKEN')];
  const { context } = json(await run(user, 'scope', 'none'));
  assert.deepEqual(context, { domain: null, tenant_id: null });
  assert.equal(keysIn(user).get('TESSERA_DOMAIN'), undefined);
  assert.notEqual(kept(user, 'ACCESSTOKEN'), token);
  assert.equal(kept(user, 'REFRESHTOKEN'), refresh);

  assert.deepEqual(await run(user, 'login'), done(expires));
  assert.deepEqual(json(await run(user, 'whoami')).context, { domain: null, tenant_id: null });
  assert.equal(json(await run(user, 'scope', 'ROOT')).domain, 'root');
  assert.equal(kept(user, 'DOMAIN'), 'root');

  const before = readFileSync(fileOf(user), 'utf8');
  const refused = await run(user, 'scope', 'nowhere.example');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /Access denied/);
  assert.equal(readFileSync(fileOf(user), 'utf8'), before);
});

test('a login without a domain is unscoped; its home domain is kept for the next one', async (t) => {
  const user = newUser(t);
  await user.run(loginWords('--auth-domain', 'root'), { input: input() });
  assert.equal(kept(user, 'AUTH_DOMAIN'), 'root');
  assert.deepEqual(json(await run(user, 'whoami')).context, { domain: null, tenant_id: null });
  const nowhere = await newUser(t).run(loginWords(), { input: input() });
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /give --domain/);
});

test('logout forgets both tokens, says what it cannot do, and leaves the way back', async (t) => {
  const user = newUser(t);
  await login(user);
  await run(user, 'scope', 'none');
  const forgotten = 'login forgotten here; at the server it ends when it has not been used for 30 days\n';
  assert.deepEqual(await run(user, 'logout'), done(forgotten));
  const keys = keysIn(user);
  for (const key of ['ACCESSTOKEN', 'REFRESHTOKEN']) assert.equal(keys.get(`TESSERA_${key}`), undefined);
  assert.equal((await run(user, 'logout')).code, 1);
  assert.equal((await run(user, 'whoami')).code, 2);
  const again = await user.run(['tessera', 'login', '--password-stdin'], { input: input() });
  assert.deepEqual(again, done(expires));
  assert.deepEqual(json(await run(user, 'whoami')).context, { domain: null, tenant_id: null });
});

test('a login of one dialect takes the place of the other, whose tokens it neither sends nor leaves behind', async (t) => {
  const user = newUser(t);
  const plain = ['tessera', 'login', '--user', 'admin', '--url', server.url, '--password-stdin'];
  assert.equal((await user.run(plain, { input: input() })).code, 0);
  const first = kept(user, 'REFRESHTOKEN');
  assert.equal((await login(user)).code, 0);
  assert.equal(keysIn(user).get('TESSERA_CLIENTID'), undefined);
  const dead = await run(user, 'tokens', 'create', '--dialect', 'ciphertrust', '--refresh-token', first);
  assert.match(dead.stderr, /Invalid token/);

  const pair = kept(user, 'REFRESHTOKEN');
  const foreign = await run(user, 'tokens', 'list', '--dialect', 'ciphertrust', '--verbose');
  assert.equal(foreign.code, 2, foreign.stderr);
  assert.doesNotMatch(foreign.stderr, /^>/m);
  const back = await user.run([...plain, '--dialect', 'ciphertrust'], { input: input() });
  assert.equal(back.code, 0, back.stderr);
  for (const key of ['DIALECT', 'ACCESSTOKEN', 'DOMAIN', 'TENANT', 'AUTH_DOMAIN'])
    assert.equal(keysIn(user).get(`TESSERA_${key}`), undefined, key);
  assert.notEqual(kept(user, 'REFRESHTOKEN'), pair);
  assert.equal((await run(user, 'tokens', 'list')).code, 0);
});

test('a command or flag of another dialect is refused, and says of which it is', async (t) => {
  const user = newUser(t);
  await login(user);
  const refused = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(user, ...words);
    assert.deepEqual([code, stdout], [2, ''], words.join(' '));
    return stderr;
  };
  assert.match(await refused('tokens', 'list'), /of the dialect ciphertrust, and nebularstack is configured/);
  assert.match(
    await refused('tenants', 'list', '--dialect', 'ciphertrust'),
    /of the dialect nebularstack, and ciphertrust/,
  );
  assert.match(await refused('domains', 'list', '--skip', '1'), /--skip is not of the dialect nebularstack/);
  assert.match(await refused('login', '--days', '3'), /--days is not of the dialect nebularstack/);
  assert.match(await refused('login', '--dialect', 'other'), /--dialect takes ciphertrust or nebularstack/);
  assert.match(await refused('scope'), /^required: DOMAIN\n/);
  assert.match(await refused('scope', 'none', 'T1'), /has no tenants/);
  assert.match(await refused('scope', 'a', 'b', 'c'), /no more words than DOMAIN TENANT/);
  assert.match(await refused('tenants', 'list', '--all', '--limit', '3'), /--all/);
  assert.match(await refused('tenants', 'modify', '--id', 'T1'), /give a flag beside --id/);
  writeFileSync(fileOf(user), 'TESSERA_DIALECT: other\n', { mode: 0o600 });
  assert.match(
    (await run(user, 'whoami')).stderr,
    /TESSERA_DIALECT in .* must be ciphertrust or nebularstack/,
  );
});

test('a wrong password, and a minimal token that says so', async (t) => {
  const user = newUser(t);
  const wrong = await user.run(loginWords('--domain', 'root'), { input: 'wrong-password\n' });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /Invalid credentials or token/);
  await login(user, '--type', 'minimal');
  const { type, roles } = json(await run(user, 'whoami'));
  assert.deepEqual([type, roles], ['minimal', []]);
});

test('a ready token serves as it is, and is shown by what it says once the server has taken it', async (t) => {
  const [user, other] = [newUser(t), newUser(t)];
  await login(user);
  const env = {
    TESSERA_URL: server.url,
    TESSERA_DIALECT: 'nebularstack',
    TESSERA_JWT: kept(user, 'ACCESSTOKEN'),
  };
  assert.equal(json(await other.run(['tessera', 'whoami'], { env })).username, 'admin');
  const changed = { ...env, TESSERA_JWT: `${kept(user, 'ACCESSTOKEN').slice(0, -4)}AAAA` };
  assert.equal((await other.run(['tessera', 'whoami'], { env: changed })).code, 1);
});

test('eight commands at once with an expired token all succeed, and one fresh token is kept', async (t) => {
  const user = newUser(t);
  await login(user);
  const [token, refresh] = [kept(user, 'ACCESSTOKEN'), kept(user, 'REFRESHTOKEN')];
  server.advance(2 * 3_600_000);
  const results = await Promise.all(Array.from({ length: 8 }, () => user.spawn(['tessera', 'access'])));
  assert.deepEqual(
    results.map(({ code, stderr }) => [code, stderr]),
    results.map(() => [0, '']),
  );
  assert.notEqual(kept(user, 'ACCESSTOKEN'), token);
  assert.equal(kept(user, 'REFRESHTOKEN'), refresh);
  assert.deepEqual(readdirSync(dirname(fileOf(user))), ['config.yaml']);
});

test('a login that was not used for 31 days is refused, and gives way to the password', async (t) => {
  const user = newUser(t);
  await login(user);
  const refresh = kept(user, 'REFRESHTOKEN');
  server.advance(31 * 24 * 3_600_000);
  assert.equal((await run(user, 'whoami')).code, 1);
  assert.equal((await run(user, 'login')).code, 2, 'there is nobody to ask for the password');
  const typed = await user.run(['tessera', 'login'], { typed: [`${server.adminPassword}\r`] });
  assert.equal(typed.stdout, expires);
  assert.notEqual(kept(user, 'REFRESHTOKEN'), refresh);
});
