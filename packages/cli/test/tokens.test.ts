/** Guarantees of `tokens` and of the credentials that every command uses, against a real server. @module */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by assertions, not by types
type Json = any;

function answerOf({ code, stdout, stderr }: Result): Json {
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const answer = JSON.parse(stdout) as Json;
  if (answer.jwt) secret(answer.jwt.split('.')[2]);
  if (answer.refresh_token) secret(answer.refresh_token);
  return answer;
}

const withPassword = (): Record<string, string> => ({
  KSCTL_URL: server.url,
  KSCTL_USERNAME: 'admin',
  KSCTL_PASSWORD: server.adminPassword,
});
const fileOf = (user: User): string => join(user.home, '.ksctl', 'config.yaml');

test('without a flag an API token comes alone, though the server gives refresh tokens unasked', async (t) => {
  const user = newUser(t);
  const env = withPassword();
  const modify = ['ksctl', 'properties', 'modify', '--name', 'ISSUE_REFRESH_TOKEN_BY_DEFAULT', '--value'];
  answerOf(await user.run([...modify, 'true'], { env }));
  const answer = answerOf(await user.run(['ksctl', 'tokens', 'create'], { env }));
  assert.deepEqual(Object.keys(answer), ['jwt', 'duration', 'token_type']);
  answerOf(
    await user.run(['ksctl', 'properties', 'reset', '--name', 'ISSUE_REFRESH_TOKEN_BY_DEFAULT'], { env }),
  );
});

test('--issue-rt brings a refresh token, which serves again and again, and can be renewed', async (t) => {
  const user = newUser(t);
  const env = { KSCTL_URL: server.url };
  const create = ['ksctl', 'tokens', 'create'];
  const first = answerOf(
    await user.run([...create, '--user', 'admin', '--password', server.adminPassword, '--issue-rt'], { env }),
  );
  assert.match(first.refresh_token, /^[A-Za-z0-9]{64}$/);
  assert.ok(first.client_id && first.refresh_token_id);
  for (const _ of [1, 2]) {
    const plain = answerOf(await user.run([...create, '--refresh-token', first.refresh_token], { env }));
    assert.deepEqual(Object.keys(plain), ['jwt', 'duration', 'token_type']);
  }
  const renewed = answerOf(
    await user.run([...create, '--issue-rt', '--refresh-token', first.refresh_token], { env }),
  );
  assert.notEqual(renewed.refresh_token, first.refresh_token);
  const jwt = { env: { ...env, KSCTL_JWT: renewed.jwt } };
  assert.equal(
    answerOf(await user.run(['ksctl', 'tokens', 'get', '--id', first.client_id], jwt)).id,
    first.client_id,
  );
  assert.deepEqual(await user.run(['ksctl', 'tokens', 'delete', '--id', first.client_id], jwt), {
    code: 0,
    stdout: '',
    stderr: '',
  });
});

test('lifetimes and labels go with a sign-in, and are found again by list', async (t) => {
  const user = newUser(t);
  const env = withPassword();
  const flags = ['--rt-life', '120', '--rt-unused-life', '60', '--labels', 'backup,nightly'];
  const answer = answerOf(await user.run(['ksctl', 'tokens', 'create', ...flags], { env }));
  assert.equal(answer.refresh_token_expires_in, 3600);
  const { resources } = answerOf(await user.run(['ksctl', 'tokens', 'list', '--labels', 'nightly'], { env }));
  assert.deepEqual(
    resources.map(({ id, labels }: Json) => [id, labels]),
    [[answer.client_id, ['backup', 'nightly']]],
  );
  const refused = await user.run(['ksctl', 'tokens', 'create', '--refresh-token', 'x', ...flags], { env });
  assert.equal(refused.code, 2);
});

test('renewing the stored token by hand updates the file; another token does not touch it', async (t) => {
  const user = newUser(t);
  const env = withPassword();
  assert.equal((await user.run(['ksctl', 'login'], { env })).code, 0);
  const stored = secret(/REFRESHTOKEN: (\w+)/.exec(readFileSync(fileOf(user), 'utf8'))?.[1] ?? '');
  const renewed = answerOf(
    await user.run(['ksctl', 'tokens', 'create', '--issue-rt', '--refresh-token', stored]),
  );
  assert.ok(readFileSync(fileOf(user), 'utf8').includes(renewed.refresh_token));

  const before = readFileSync(fileOf(user), 'utf8');
  const other = answerOf(await user.run(['ksctl', 'tokens', 'create', '--issue-rt'], { env })).refresh_token;
  answerOf(await user.run(['ksctl', 'tokens', 'create', '--issue-rt', '--refresh-token', other]));
  assert.equal(readFileSync(fileOf(user), 'utf8'), before);
});

test('--issue-rt alone is a sign-in, never a renewal of the stored login', async (t) => {
  const user = newUser(t);
  const env = withPassword();
  assert.equal((await user.run(['ksctl', 'login'], { env })).code, 0);
  const before = readFileSync(fileOf(user), 'utf8');
  secret(/REFRESHTOKEN: (\w+)/.exec(before)?.[1] ?? '');
  assert.equal(
    (await user.run(['ksctl', 'tokens', 'create', '--issue-rt'])).code,
    2,
    'it asks for the password',
  );
  assert.equal(readFileSync(fileOf(user), 'utf8'), before);
  answerOf(await user.run(['ksctl', 'tokens', 'create']));
});

test('another domain asks for the password instead of spending the stored token', async (t) => {
  const user = newUser(t);
  const env = withPassword();
  const self = answerOf(await user.run(['ksctl', 'users', 'list', '--username', 'admin'], { env }))
    .resources[0].user_id;
  answerOf(await user.run(['ksctl', 'domains', 'create', '--name', 'finance', '--admins', self], { env }));
  assert.equal((await user.run(['ksctl', 'login'], { env })).code, 0);
  secret(/REFRESHTOKEN: (\w+)/.exec(readFileSync(fileOf(user), 'utf8'))?.[1] ?? '');

  const info = ['ksctl', 'system', 'info', 'get', '--domain'];
  assert.equal((await user.run([...info, 'finance'])).code, 2, 'it asks for the password');
  assert.equal((await user.run([...info, 'finance'], { env })).code, 0);
  assert.equal((await user.run([...info, 'root'])).code, 0);
  assert.equal((await user.run([...info, '00000000-0000-0000-0000-000000000000'])).code, 0);
  assert.deepEqual(
    answerOf(await user.run(['ksctl', 'tokens', 'self-domains']))
      .resources.map(({ name }: Json) => name)
      .sort(),
    ['finance', 'root'],
  );
});

test('flags win over the file given, that over the environment, that over the default file', async (t) => {
  const user = newUser(t);
  const given = join(user.home, 'given.yaml');
  mkdirSync(dirname(fileOf(user)), { mode: 0o700 });
  const away = (port: number): string => `http://127.0.0.1:${port}`;
  const file = (port: number): string => `KSCTL_URL: ${away(port)}\nKSCTL_JWT: a.b.c\n`;
  writeFileSync(fileOf(user), file(4), { mode: 0o600 });
  writeFileSync(given, file(2), { mode: 0o600 });
  const asked = async (flags: string[], env: Record<string, string>): Promise<string> => {
    const { stderr } = await user.run(['ksctl', 'tokens', 'list', ...flags], {
      env: { KSCTL_JWT: 'a.b.c', ...env },
    });
    return /127\.0\.0\.1:(\d)/.exec(stderr)?.[1] ?? stderr;
  };
  const env = { KSCTL_URL: away(3) };
  assert.equal(await asked(['--url', away(1), '--configfile', given], env), '1');
  assert.equal(await asked(['--configfile', given], env), '2');
  assert.equal(await asked([], env), '3');
  assert.equal(await asked([], { KSCTL_URL: '' }), '4');
});

test('the options that scripts use are taken where they put them', async (t) => {
  const user = newUser(t);
  const flags = [`--url=${server.url}`, '--user', 'admin', '--password', server.adminPassword];
  const list = answerOf(
    await user.run(['ksctl', ...flags, 'tokens', 'list', '-l', '200', '--respfmt', 'json']),
  );
  assert.equal(list.limit, 200);
  assert.ok(Array.isArray(list.resources));
});

test('values that cannot be are refused before anything is sent', async (t) => {
  const user = newUser(t);
  const env = { KSCTL_URL: 'http://127.0.0.1:1', KSCTL_JWT: 'a.b.c' };
  const lines = [
    ['tokens', 'list', '--limit', '-1'],
    ['tokens', 'list', '--respfmt', 'xml'],
    ['tokens', 'list', '--timeout', '0'],
    ['tokens', 'list', '--url', 'ftp://x'],
    ['tokens', 'list', '--url', 'https://user:pw@host'],
    ['tokens', 'list', 'extra'],
    ['tokens', 'get'],
    ['tokens', 'get', '--id', '..'],
    ['users', 'modify', '--id', 'x'],
    ['users', 'modify', '--id', 'x', '--password-change', 'maybe'],
    ['users', 'pwdpolicy', 'update', '-f', '[0,5'.concat(',x]')],
    ['properties', 'modify', '--name', 'X'],
  ];
  for (const line of lines) {
    const { code, stdout } = await user.run(['ksctl', ...line], { env });
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, line.join(' '));
  }
  const faulty = await user.run(['ksctl', 'tokens', 'list'], {
    env: { ...env, KSCTL_NOSSLVERIFY: 'perhaps' },
  });
  assert.deepEqual(
    [faulty.code, faulty.stderr],
    [1, 'the variable KSCTL_NOSSLVERIFY must be true or false\n'],
  );
});

test('users, groups, policies and settings are managed', async (t) => {
  const user = newUser(t);
  const env = withPassword();
  const run = async (...line: string[]): Promise<Json> => {
    const { code, stdout, stderr } = await user.run(['ksctl', ...line], { env });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, line.join(' '));
    return stdout === '' ? null : JSON.parse(stdout);
  };
  const created = await user.run(
    ['ksctl', 'users', 'create', '-n', 'bob', '--pword-stdin', '-e', 'bob@example.com'],
    {
      env,
      input: `${secret('Bob-password-1')}\n`,
    },
  );
  const { user_id: id } = answerOf(created);
  assert.equal((await run('users', 'get', '--id', id)).email, 'bob@example.com');
  assert.equal(
    (await run('users', 'modify', '-i', id, '--friendly-name', 'Bob B', '--unlock')).name,
    'Bob B',
  );
  assert.equal(
    (await run('users', 'modify', '-i', id, '--password-change', 'yes')).password_change_required,
    true,
  );
  assert.equal(
    (await run('groups', 'create', '-n', 'Night Shift', '--description', 'd')).name,
    'Night Shift',
  );
  assert.equal((await run('groups', 'adduser', '-n', 'Night Shift', '-u', id)).users_count, 1);
  assert.equal((await run('users', 'list', '--groups', 'Night Shift')).total, 1);
  assert.equal(await run('groups', 'removeuser', '-n', 'Night Shift', '-u', id), null);
  assert.equal((await run('groups', 'get', '-n', 'Night Shift')).users_count, 0);
  assert.equal(await run('groups', 'delete', '-n', 'Night Shift'), null);
  assert.ok((await run('groups', 'list', '-s', '1', '-l', '2')).resources.length === 2);
  assert.equal(await run('users', 'delete', '-i', id), null);

  const policy = await run(
    'users',
    'pwdpolicy',
    'create',
    '--policy-name',
    'people',
    '-t',
    '12',
    '-f',
    '[0,5,30]',
  );
  assert.deepEqual(
    [policy.inclusive_min_total_length, policy.failed_logins_lockout_thresholds],
    [12, [0, 5, 30]],
  );
  assert.equal(
    (await run('users', 'pwdpolicy', 'update', '--policy-name', 'people', '-b', '7'))
      .password_history_threshold,
    7,
  );
  assert.equal((await run('users', 'pwdpolicy', 'get')).policy_name, 'global');
  assert.equal((await run('users', 'pwdpolicy', 'list')).total, 2);
  assert.equal(await run('users', 'pwdpolicy', 'delete', '--policy-name', 'people'), null);

  assert.equal((await run('properties', 'get', '--name', 'UI_IDLE_SESSION_TIMEOUT')).value, '10m');
  assert.ok((await run('properties', 'list', '-l', '1')).resources.length === 1);
  assert.ok((await run('domains', 'list')).resources.some(({ name }: Json) => name === 'root'));
  assert.equal((await run('system', 'info', 'get')).name, 'Tessera');
  const version = await run('version');
  assert.deepEqual(Object.keys(version), ['version', 'build_date', 'server_model', 'server_version']);
  assert.ok(version.server_version);
});
