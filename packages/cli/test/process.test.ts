/** Guarantees of the command line as a process: launchers, names, many at once, pipes. @module */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { authorityPem, localhostPem, serverKeyPem } from '../../client/test/certificates.ts';
import { newUser, type User } from './cli.ts';

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const launcher = fileURLToPath(new URL('../bin/tessera.js', import.meta.url));
const fileOf = (user: User): string => join(user.home, '.ksctl', 'config.yaml');
const loginLine = (): string[] => [
  'ksctl',
  'login',
  '--user',
  'admin',
  '--password-stdin',
  '--url',
  server.url,
];
const input = (): string => `${server.adminPassword}\n`;

function tokenIn(user: User): string {
  return secret(
    (parse(readFileSync(fileOf(user), 'utf8')) as Record<string, string>).KSCTL_REFRESHTOKEN ?? '',
  );
}

test('eight commands at once on one stored login all succeed, and the login stays', async (t) => {
  const user = newUser(t);
  assert.equal((await user.spawn(loginLine(), { input: input() })).code, 0);
  const stored = tokenIn(user);
  const results = await Promise.all(Array.from({ length: 8 }, () => user.spawn(['ksctl', 'tokens', 'list'])));
  assert.deepEqual(
    results.map(({ code, stderr }) => [code, stderr]),
    results.map(() => [0, '']),
  );
  assert.equal(tokenIn(user), stored);
  assert.equal((await user.spawn(['ksctl', 'tokens', 'list'])).code, 0);
});

test('of four logins and renewals at once, one login is left, in a valid file', async (t) => {
  const user = newUser(t);
  const before = await liveIds(user);
  await user.spawn(loginLine(), { input: input() });
  const lines = [loginLine(), ['ksctl', 'login'], loginLine(), ['ksctl', 'login']];
  const results = await Promise.all(
    lines.map((line) => user.spawn(line, { input: line.length > 2 ? input() : '' })),
  );
  for (const { code, stdout } of results) {
    assert.deepEqual([code, stdout], [0, 'this login will expire in 30 days\n']);
  }
  assert.deepEqual(readdirSync(dirname(fileOf(user))), ['config.yaml']);
  tokenIn(user);
  assert.equal((await liveIds(user)).length, before.length + 1);
  assert.equal((await user.run(['ksctl', 'logout'])).stdout, 'login revoked\n');
  assert.deepEqual(await liveIds(user), before);
});

async function liveIds(user: User): Promise<string[]> {
  const line = [
    'ksctl',
    'tokens',
    'list',
    '-l',
    '2000',
    '--user',
    'admin',
    '--password-stdin',
    '--url',
    server.url,
  ];
  const { stdout } = await user.run(line, { input: input() });
  return (JSON.parse(stdout) as { resources: { id: string }[] }).resources.map(({ id }) => id);
}

test('the launcher goes by the name it is called by, also through a link', async (t) => {
  const user = newUser(t);
  for (const [name, called] of [
    ['ksctl', 'ksctl'],
    ['ksctl-linux-amd64', 'ksctl'],
    ['other', 'tessera'],
  ] as const) {
    const link = join(user.home, name);
    symlinkSync(launcher, link);
    const { code, stderr } = await user.spawn([link, 'logout']);
    assert.deepEqual(
      [code, stderr],
      [1, `login token and client id must exist in ${called} configuration file\n`],
    );
  }
});

/** Arguments that make a Node say that it is an old one. */
const asOldNode = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.0.0"}})',
];

test('the launcher finds the conditions and the Node it needs by itself', async (t) => {
  const user = newUser(t);
  const env = { HOME: user.home, PATH: process.env.PATH };
  for (const flags of [[], asOldNode]) {
    const { status, stderr } = spawnSync(process.execPath, [...flags, launcher, 'tokens', 'frob'], {
      env,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr.split('\n')[0]], [2, 'unknown command "frob"']);
  }
});

test('a server started by the launcher is trusted by --ca-file, and ends with the launcher', async (t) => {
  const user = newUser(t);
  const [cert, key, ca] = ['cert.pem', 'key.pem', 'ca.pem'].map((name) => join(user.home, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(cert, localhostPem);
  writeFileSync(key, serverKeyPem, { mode: 0o600 });
  writeFileSync(ca, authorityPem);
  const child = spawn(process.execPath, [...asOldNode, launcher, 'serve'], {
    env: {
      PATH: process.env.PATH,
      HOME: user.home,
      TESSERA_PORT: '0',
      TESSERA_DATA_DIR: join(user.home, 'data'),
      TESSERA_ADMIN_PASSWORD: server.adminPassword,
      TESSERA_TLS_CERT: cert,
      TESSERA_TLS_KEY: key,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) {
    const url = /"url":"(https:[^"]+)"/.exec(line)?.[1];
    if (url === undefined) continue;
    const login = ['ksctl', 'login', '--user', 'admin', '--password-stdin', '--url', url];
    const refused = await user.run(login, { input: input() });
    assert.deepEqual(
      [refused.code, refused.stdout, refused.stderr.split('\n')[0]],
      [1, '', `Post ${url}/api/v1/auth/tokens: x509: certificate signed by unknown authority`],
    );
    assert.equal((await user.run([...login, '--ca-file', ca], { input: input() })).code, 0);
    tokenIn(user);
    assert.equal((await user.run(['ksctl', 'logout'])).code, 0);
    child.kill('SIGTERM');
  }
  assert.deepEqual(await ended, [0, null]);
});

test('exit codes and streams: usage is 2, a refusal is JSON on standard error alone', async (t) => {
  const user = newUser(t);
  const flags = ['--url', server.url, '--user', 'admin', '--password', secret('wrong-password-1')];
  const refused = await user.spawn(['ksctl', 'tokens', 'list', ...flags]);
  assert.deepEqual([refused.code, refused.stdout], [1, '']);
  assert.equal((JSON.parse(refused.stderr) as { code: number }).code, 5);
  const usage = await user.spawn(['ksctl', 'tokens', 'list', '--frob']);
  assert.deepEqual([usage.code, usage.stderr.split('\n')[0]], [2, 'unknown flag: --frob']);
  const help = await user.spawn(['ksctl']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
});

test('the login of one process is not lost when another dies with the lock', async (t) => {
  const user = newUser(t);
  mkdirSync(dirname(fileOf(user)), { mode: 0o700 });
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(`${fileOf(user)}.lock`, `${dead} ${(await import('node:os')).hostname()} x\n`);
  assert.equal((await user.run(loginLine(), { input: input() })).code, 0);
  tokenIn(user);
  assert.deepEqual(readdirSync(dirname(fileOf(user))), ['config.yaml']);
});

test('a backup is made and put back beside a running server', async (t) => {
  const user = newUser(t);
  const copy = join(user.home, 'copy.db');
  const env = { TESSERA_DATA_DIR: server.dataDir };
  const made = await user.run(['tessera', 'backup', '--to', copy, '--json'], { env });
  assert.equal(made.code, 0, made.stderr);
  assert.ok((JSON.parse(made.stdout) as { bytes: number }).bytes > 0);
  const back = await user.run(['tessera', 'restore', '--from', copy, '--data-dir', server.dataDir]);
  assert.equal(back.code, 0, back.stderr);
  assert.match(back.stdout, /^[^{].*\n$/);
  const missing = await user.run(['tessera', 'restore', '--from', join(user.home, 'none.db')], { env });
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
});
