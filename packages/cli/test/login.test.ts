/** Guarantees of `login` and `logout` against a real server. @module */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { newUser, type User } from './cli.ts';

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const configOf = (user: User, folder = '.ksctl'): string => join(user.home, folder, 'config.yaml');
const entriesOf = (path: string): [string, string][] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes(': '))
    .map((line) => line.split(': ', 2) as [string, string]);

function savedValue(path: string, key: string): string {
  const value = new Map(entriesOf(path)).get(key);
  assert.ok(value, key);
  return /TOKEN$/.test(key) ? secret(value) : value;
}

const login = (user: User, ...more: string[]): ReturnType<User['run']> =>
  user.run(['ksctl', 'login', '--user', 'admin', '--password-stdin', '--url', server.url, ...more], {
    input: `${server.adminPassword}\n`,
  });

async function liveTokens(user: User): Promise<string[]> {
  const { stdout, stderr } = await user.run(['ksctl', 'tokens', 'list', '-l', '2000']);
  assert.equal(stderr, '');
  return (JSON.parse(stdout) as { resources: { id: string }[] }).resources.map(({ id }) => id);
}

test('a first login makes a private file with the seven keys in their order, and no password', async (t) => {
  const user = newUser(t);
  const { code, stdout, stderr } = await login(user, '--nosslverify', '--verbose');
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'this login will expire in 30 days\n' });
  const path = configOf(user);
  assert.deepEqual(
    entriesOf(path).map(([key]) => key),
    ['VERBOSITY', 'RESP', 'URL', 'USERNAME', 'REFRESHTOKEN', 'CLIENTID', 'NOSSLVERIFY'].map(
      (key) => `KSCTL_${key}`,
    ),
  );
  assert.equal(savedValue(path, 'KSCTL_VERBOSITY'), 'false');
  assert.equal(savedValue(path, 'KSCTL_URL'), server.url);
  assert.equal(savedValue(path, 'KSCTL_NOSSLVERIFY'), 'true');
  assert.match(savedValue(path, 'KSCTL_REFRESHTOKEN'), /^[A-Za-z0-9]{64}$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(dirname(path)), ['config.yaml']);
  const file = readFileSync(path, 'utf8');
  assert.ok(!file.includes(server.adminPassword));
  for (const hidden of [server.adminPassword, savedValue(path, 'KSCTL_REFRESHTOKEN')])
    assert.ok(!stderr.includes(hidden));
  assert.match(stderr, /^> POST .*"password":"\[secret\]"/m);
});

test('a life is what the server granted, in days and hours', async (t) => {
  const user = newUser(t);
  const said = async (...flags: string[]): Promise<string> => (await login(user, ...flags)).stdout;
  assert.equal(await said('–-days', '10'), 'this login will expire in 10 days\n');
  assert.equal(await said('–-hours', '10'), 'this login will expire in 10 hours\n');
  assert.equal(await said('--days=10', '--hours', '10'), 'this login will expire in 10 days, 10 hours\n');
  const modify = ['ksctl', 'properties', 'modify', '--name', 'MAXIMUM_REFRESH_TOKEN_LIFETIME', '--value'];
  assert.equal((await user.run([...modify, '24h'])).code, 0);
  assert.equal(await said(), 'this login will expire in 1 day\n');
  assert.equal((await user.run([...modify, ''])).code, 0);
  for (const flags of [
    ['--days', '0'],
    ['--days', '-1'],
    ['--hours', '1.5'],
    ['--days', 'ten'],
  ]) {
    assert.equal((await login(user, ...flags)).code, 2);
  }
});

test('a second login revokes the first, and logout revokes the second', async (t) => {
  const user = newUser(t);
  await login(user);
  const first = savedValue(configOf(user), 'KSCTL_CLIENTID');
  await login(user);
  const second = savedValue(configOf(user), 'KSCTL_CLIENTID');
  const live = await liveTokens(user);
  assert.ok(live.includes(second) && !live.includes(first));

  const before = readFileSync(configOf(user), 'utf8');
  const token = savedValue(configOf(user), 'KSCTL_REFRESHTOKEN');
  assert.deepEqual(await user.run(['ksctl', 'logout']), { code: 0, stdout: 'login revoked\n', stderr: '' });
  const left = before.replace(/^KSCTL_(?:REFRESHTOKEN|CLIENTID).*\n/gm, '');
  assert.equal(readFileSync(configOf(user), 'utf8'), left);
  const dead = await user.run(['ksctl', 'tokens', 'create', '--refresh-token', token]);
  assert.equal(dead.code, 1);
  assert.equal(dead.stdout, '');
  assert.equal((JSON.parse(dead.stderr) as { message: string }).message, 'Invalid token');

  assert.deepEqual(await user.run(['ksctl', 'logout']), {
    code: 1,
    stdout: '',
    stderr: 'login token and client id must exist in ksctl configuration file\n',
  });
  assert.match((await user.run(['tessera', 'logout'])).stderr, /exist in tessera configuration file/);
});

test('a login without flags renews what is stored, keeps its length of life, and asks for nothing', async (t) => {
  const user = newUser(t);
  await login(user, '--days', '10', '--hours', '10');
  const path = configOf(user);
  const before = [savedValue(path, 'KSCTL_REFRESHTOKEN'), savedValue(path, 'KSCTL_CLIENTID')];
  const { code, stdout, stderr } = await user.run(['ksctl', 'login']);
  assert.deepEqual(
    { code, stdout, stderr },
    { code: 0, stdout: 'this login will expire in 10 days, 10 hours\n', stderr: '' },
  );
  assert.notEqual(savedValue(path, 'KSCTL_REFRESHTOKEN'), before[0]);
  assert.equal(savedValue(path, 'KSCTL_CLIENTID'), before[1]);
});

test('a stored login that the server refuses gives way to the password', async (t) => {
  const user = newUser(t);
  await login(user);
  const revoke = ['ksctl', 'tokens', 'revoke'];
  const path = configOf(user);
  const proof = [
    '--client-id',
    savedValue(path, 'KSCTL_CLIENTID'),
    '--refresh-token',
    savedValue(path, 'KSCTL_REFRESHTOKEN'),
  ];
  assert.deepEqual(await user.run([...revoke, ...proof]), { code: 0, stdout: '', stderr: '' });
  assert.equal((await user.run(['ksctl', 'login'])).code, 2);
  const typed = await user.run(['ksctl', 'login'], { typed: [`${server.adminPassword}\r`] });
  assert.equal(typed.stdout, 'this login will expire in 30 days\n');
  assert.match(typed.stderr, /^password: \n/);
  assert.ok(!typed.stderr.includes(server.adminPassword));
});

test("a configuration file of the user's own keeps its comments and keys, and another one may be named", async (t) => {
  const user = newUser(t);
  const path = join(user.home, 'localconfig.txt');
  writeFileSync(path, '# mine\nOTHER: x # kept\nKSCTL_TIMEOUT: 7\n', { mode: 0o600 });
  assert.equal((await login(user, '–-configfile', path)).code, 0);
  assert.match(readFileSync(path, 'utf8'), /^# mine\nOTHER: x # kept\nKSCTL_TIMEOUT: 7\nKSCTL_URL: /);
  assert.ok(!existsSync(configOf(user)));
  assert.equal((await user.run(['ksctl', '--configfile', path, 'tokens', 'list'])).code, 0);
  assert.equal((await user.run(['ksctl', 'logout', '--configfile', path])).stdout, 'login revoked\n');
});

test('a file that was named and is not there is no other login: only login makes it', async (t) => {
  const user = newUser(t);
  await login(user);
  for (const command of [['tokens', 'list'], ['version']]) {
    const { code, stdout, stderr } = await user.run(['ksctl', '--configfile', 'mistyped.yaml', ...command]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr,
      /^there is no configuration file \S+mistyped\.yaml; ksctl login --configfile makes one\n$/,
    );
  }
});

test('a file that others can read is refused, with the command that cures it', async (t) => {
  const user = newUser(t);
  const path = configOf(user);
  mkdirSync(dirname(path));
  writeFileSync(path, 'KSCTL_URL: https://kylo-system\n', { mode: 0o644 });
  for (const command of ['login', 'logout', 'version']) {
    assert.deepEqual(await user.run(['ksctl', command]), {
      code: 1,
      stdout: '',
      stderr: `configuration file ${path} can be read by others; run: chmod 600 ${path}\n`,
    });
  }
});

test('without user, server or terminal, what is missing is said', async (t) => {
  const user = newUser(t);
  assert.match((await user.run(['ksctl', 'login', '--user', 'admin'])).stderr, /--url/);
  assert.match((await user.run(['ksctl', 'login', '--url', server.url])).stderr, /--user/);
  const silent = await user.run(['ksctl', 'login', '--user', 'admin', '--url', server.url]);
  assert.equal(silent.code, 2);
  assert.match(silent.stderr, /^cannot ask for the password without a terminal/);
  const both = ['--password', 'x', '--password-stdin'];
  assert.equal((await user.run(['ksctl', 'login', '--user', 'admin', '--url', server.url, ...both])).code, 2);
  assert.ok(!existsSync(dirname(configOf(user))));
});

test('a wrong password leaves everything as it is', async (t) => {
  const user = newUser(t);
  await login(user);
  const before = readFileSync(configOf(user), 'utf8');
  const wrong = await user.run(['ksctl', 'login', '--password', 'wrong-password']);
  assert.equal(wrong.code, 1);
  assert.equal((JSON.parse(wrong.stderr) as { message: string }).message, 'Wrong username or password.');
  assert.equal(readFileSync(configOf(user), 'utf8'), before);
});

test('a password in the arguments is warned of where somebody reads it, and nowhere else', async (t) => {
  const user = newUser(t);
  const line = ['ksctl', 'login', '--user', 'admin', '--url', server.url, '--password', server.adminPassword];
  assert.equal((await user.run(line)).stderr, '');
  assert.match((await user.run(line, { typed: [] })).stderr, /^warning: --password shows in process lists/);
});

test('a login whose file cannot be written does not live on at the server', async (t) => {
  const [user, other] = [newUser(t), newUser(t)];
  await login(other);
  const count = (await liveTokens(other)).length;
  writeFileSync(dirname(configOf(user)), 'a file where the folder should be');
  const failed = await login(user);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /^cannot make the folder/);
  assert.equal((await liveTokens(other)).length, count);
});

test("a file's login is revoked at the file's server, never at another one named by a flag", async (t) => {
  const user = newUser(t);
  await login(user);
  const client = savedValue(configOf(user), 'KSCTL_CLIENTID');
  const away = await user.run(['ksctl', 'tokens', 'list', '--url', 'http://127.0.0.1:1']);
  assert.equal(away.code, 2, 'the stored token is not offered to another server');
  assert.equal(
    (await user.run(['ksctl', 'logout', '--url', 'http://127.0.0.1:1'])).stdout,
    'login revoked\n',
  );
  await login(user);
  assert.ok(!(await liveTokens(user)).includes(client));
});

test('logging out while the server is away says so and keeps the login', async (t) => {
  const user = newUser(t);
  const path = configOf(user);
  mkdirSync(dirname(path), { mode: 0o700 });
  const file = `KSCTL_URL: http://127.0.0.1:1\nKSCTL_REFRESHTOKEN: ${'r'.repeat(64)}\nKSCTL_CLIENTID: c\n`;
  writeFileSync(path, file, { mode: 0o600 });
  const away = await user.run(['ksctl', 'logout']);
  assert.equal(away.code, 1);
  assert.equal(away.stdout, '');
  assert.match(away.stderr, /not revoked.*connection refused/s);
  assert.ok(!away.stderr.includes('rrr'));
  assert.equal(readFileSync(path, 'utf8'), file);
});

test('logging out revokes at the server even if the file cannot be changed, and says both', async (t) => {
  const user = newUser(t);
  await login(user);
  const token = savedValue(configOf(user), 'KSCTL_REFRESHTOKEN');
  // No room for the name of a temporary file beside it.
  const long = join(user.home, 'c'.repeat(250));
  renameSync(configOf(user), long);
  symlinkSync(long, configOf(user));
  const { code, stdout, stderr } = await user.run(['ksctl', 'logout']);
  assert.deepEqual([code, stdout], [1, 'login revoked\n']);
  assert.match(stderr, /^configuration file .* cannot be written \(ENAMETOOLONG\)\n$/);
  assert.equal((await user.run(['ksctl', 'tokens', 'create', '--refresh-token', token])).code, 1);
});

test('tessera keeps its own file and variables, and ksctl its own', async (t) => {
  const user = newUser(t);
  const env = { TESSERA_URL: server.url, TESSERA_USERNAME: 'admin', TESSERA_PASSWORD: server.adminPassword };
  assert.equal((await user.run(['tessera', 'login'], { env })).code, 0);
  assert.equal(new Map(entriesOf(configOf(user, '.tessera'))).get('TESSERA_USERNAME'), 'admin');
  assert.equal((await user.run(['tessera', 'tokens', 'list'])).code, 0);
  assert.match((await user.run(['ksctl', 'tokens', 'list'], { env })).stderr, /^no server/);
});
