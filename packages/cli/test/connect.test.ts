/** `connect` and `call` with a registered pair, against a real server: renewal, many at once, and every way to fail. @module */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { apiOf } from '../../../test/harness/http.ts';
import { mayMount, withOwnMounts } from '../../../test/harness/own-mounts.ts';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { openLosingDoor } from '../../client/test/nectar/losing-door.ts';
import { generatePair, generationOf, hostOf, newPairUser, type PairUser, register } from './pair-user.ts';

let server: Server;
let host: string;
before(async () => {
  server = await startServer();
  host = hostOf(server);
});
after(() => server?.stop());

const launcher = fileURLToPath(new URL('../bin/tessera.js', import.meta.url));

/** Longer than an access token lives. */
const later = (): void => server.advance(7_201_000);
const secretName = (): string => `${host}-accesstoken`;
const kept = (user: PairUser): string => readFileSync(join(user.home, '.tessera', 'connection.json'), 'utf8');

test('with a living token: nothing is renewed, the user is named, and no value is remembered', async (t) => {
  const user = newPairUser(t);
  const pair = await generatePair(server, 'living');
  await register(user, host, pair);
  const { code, stdout, stderr } = await user.tessera(['connect', host, '--use-token']);
  assert.deepEqual([code, stdout, stderr], [0, `connected to ${server.url} as admin\n`, '']);
  assert.equal((await user.stored(secretName()))?.accessToken, pair.accessToken);
  assert.ok(!kept(user).includes(pair.accessToken) && !kept(user).includes(pair.refreshToken));
  const called = await user.tessera(['call', '/account/v1/me']);
  assert.equal((JSON.parse(called.stdout) as { session: { name: string } }).session.name, 'living');
});

test('with an expired token: connect renews, stores the new pair and reports the user', async (t) => {
  const user = newPairUser(t);
  const pair = await generatePair(server, 'expired');
  await register(user, host, pair);
  later();
  const { code, stdout } = await user.tessera(['connect', host, '--use-token', '--json']);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), {
    fqdn: host,
    identifier: null,
    vault: 'local',
    secret: secretName(),
    userName: 'admin',
  });
  const stored = await user.stored(secretName());
  assert.equal(generationOf(secret(stored?.accessToken ?? '')), 1);
  assert.notEqual(secret(stored?.refreshToken ?? ''), pair.refreshToken);
  const secondsLeft = (Date.parse(stored?.accessExpiresAt ?? '') - Date.now()) / 1000;
  assert.ok(secondsLeft > 7100 && secondsLeft <= 7200, `${secondsLeft}`);
  assert.equal((await user.tessera(['call', '/account/v1/me'])).code, 0);
});

test('a token that by this clock has under a minute left is renewed before it fails', async (t) => {
  const user = newPairUser(t);
  await register(user, host, await generatePair(server, 'ending'));
  const stored = await user.stored(secretName());
  const ending = { ...stored, accessExpiresAt: new Date(Date.now() + 50_000).toISOString() };
  await user.vaults.set(secretName(), JSON.stringify(ending));
  await user.tessera(['connect', host, '--use-token']);
  assert.equal(generationOf((await user.stored(secretName()))?.accessToken ?? ''), 1);
});

test('twenty processes over one expired secret all succeed by one renewal, and the vault holds the newest pair', async (t) => {
  const user = newPairUser(t);
  await register(user, host, await generatePair(server, 'twenty'));
  await user.tessera(['connect', host, '--use-token']);
  later();
  const results = await Promise.all(
    Array.from({ length: 20 }, () => user.tesseraProcess(['call', '/account/v1/me'])),
  );
  for (const { code, stdout, stderr } of results) {
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal((JSON.parse(stdout) as { userName: string }).userName, 'admin');
  }
  const stored = await user.stored(secretName());
  assert.equal(generationOf(stored?.accessToken ?? ''), 1);
  const renewed = await apiOf(server.url).post('/aapi/jwt/token/renew', undefined, {
    jwt: stored?.accessToken ?? '',
    headers: { 'x-refresh-token': stored?.refreshToken ?? '' },
  });
  assert.equal(renewed.status, 200);
  assert.equal(generationOf(renewed.body.accessToken), 2);
});

test('a refused pair is exit code 3, says what to do, and is left as it is; that of another identifier is not tried', async (t) => {
  const user = newPairUser(t);
  const pair = await generatePair(server, 'revoked');
  await register(user, host, pair, '--identifier', 'revoked');
  await register(user, host, await generatePair(server, 'other'));
  const credentials = { username: 'admin', password: server.adminPassword };
  const { body } = await apiOf(server.url).post('/api/v1/auth/tokens', credentials);
  assert.equal(
    (await apiOf(server.url).delete(`/account/v1/api-tokens/${pair.id}`, { jwt: body.jwt })).status,
    204,
  );
  const { code, stdout, stderr } = await user.tessera([
    'connect',
    host,
    '--use-token',
    '--identifier',
    'revoked',
  ]);
  assert.deepEqual([code, stdout], [3, '']);
  assert.match(stderr, /generate a new API token and register it/);
  assert.ok(!existsSync(join(user.home, '.tessera', 'connection.json')));
  const stored = await user.stored(`${host}-revoked-accesstoken`);
  assert.equal(stored?.accessToken, pair.accessToken);
  assert.equal((await user.tessera(['connect', host, '--use-token', '--identifier', 'none'])).code, 4);
});

test('from the environment a living token serves, and an expired one is not renewed: exit code 5', async (t) => {
  const user = newPairUser(t);
  const door = await openLosingDoor(t, server.url);
  const pair = await generatePair(server, 'environment');
  const record = { v: 1, kind: 'nectar', fqdn: door.host, identifier: null, ...pair, accessExpiresAt: null };
  const variable = `TESSERA_SECRET_${door.host}-accesstoken`.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  const env = { [variable]: JSON.stringify(record) };
  await user.tessera(['vault', 'add', 'env', '--kind', 'environment']);
  const line = ['connect', door.host, '--use-token', '--vault', 'env'];
  assert.equal((await user.tessera(line, { env })).code, 0);
  later();
  const { code, stdout, stderr } = await user.tessera(['call', '/account/v1/me'], { env });
  assert.deepEqual([code, stdout], [5, '']);
  assert.match(stderr, /is not renewed from the vault "env"/);
  assert.equal(door.renewals(), 0);
});

test('on a read-only disk the pair is not spent: exit code 5, and no renewal is sent', async (t) => {
  const user = newPairUser(t);
  const door = await openLosingDoor(t, server.url);
  await register(user, door.host, await generatePair(server, 'read-only disk'));
  await user.tessera(['connect', door.host, '--use-token']);
  later();
  const folder = join(user.home, '.tessera', 'vaults');
  const call = `"${process.execPath}" --conditions=source "${launcher}" call /account/v1/me`;
  const mount = `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`;
  const [command, args] = mayMount
    ? withOwnMounts(`${mount} && ${call}`)
    : ['sh', ['-c', `ulimit -f 0; ${call}`]];
  const env = { PATH: process.env.PATH, HOME: user.home, ...user.env };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  assert.deepEqual([code, stdout], [5, ''], stderr);
  assert.match(
    stderr,
    mayMount ? /make that folder writable, or use another vault/ : /disk is full|cannot make/,
  );
  assert.equal(door.renewals(), 0);
});

/** A vault whose helper keeps secrets in a file, and on `set` does what the script says. */
async function withHelper(user: PairUser, onSet: string): Promise<string> {
  const store = join(user.home, 'store');
  const helper = join(user.home, 'helper.mjs');
  writeFileSync(
    helper,
    `#!${process.execPath}
    import { existsSync, readFileSync, writeFileSync } from 'node:fs';
    const { action, value } = JSON.parse(readFileSync(0, 'utf8'));
    const say = (body) => process.stdout.write(JSON.stringify({ version: 1, ok: true, ...body }));
    const store = ${JSON.stringify(store)};
    if (action === 'set') { if (existsSync(store + '.armed')) { ${onSet} } writeFileSync(store, value, { mode: 0o600 }); say({}); }
    else if (existsSync(store)) say({ value: readFileSync(store, 'utf8') });
    else say({ ok: false, code: 'not_found', message: 'none' });`,
  );
  chmodSync(helper, 0o755);
  await user.tessera([
    'vault',
    'add',
    'helper',
    '--kind',
    'helper',
    '--option',
    `command=${helper}`,
    '--default',
  ]);
  return `${store}.armed`;
}

test('killed between renewal and storing, run again: it succeeds, and the pair goes on', async (t) => {
  const user = newPairUser(t);
  const armed = await withHelper(user, 'process.kill(process.ppid, "SIGKILL"); process.exit(1);');
  const pair = await generatePair(server, 'killed');
  await register(user, host, pair);
  await user.tessera(['connect', host, '--use-token']);
  later();
  writeFileSync(armed, '');
  assert.equal((await user.tesseraProcess(['call', '/account/v1/me'])).code, -1);
  assert.equal((await user.stored(secretName()))?.refreshToken, pair.refreshToken);
  rmSync(armed);
  const again = await user.tesseraProcess(['call', '/account/v1/me']);
  assert.deepEqual([again.code, again.stderr], [0, '']);
  assert.equal(generationOf((await user.stored(secretName()))?.accessToken ?? ''), 1);
});

test('a vault that cannot keep the new pair: three attempts, exit code 5, what to do, and nothing printed', async (t) => {
  const user = newPairUser(t);
  const counter = join(user.home, 'count');
  const count = `writeFileSync(${JSON.stringify(counter)}, 'x', { flag: 'a' }); process.exit(1);`;
  const armed = await withHelper(user, count);
  await register(user, host, await generatePair(server, 'unkept'));
  await user.tessera(['connect', host, '--use-token']);
  later();
  writeFileSync(armed, '');
  const { code, stdout, stderr } = await user.tessera(['call', '/account/v1/me']);
  assert.deepEqual([code, stdout], [5, '']);
  assert.match(stderr, /was renewed and could not be stored .*run this again.*register again/s);
  assert.equal(readFileSync(counter, 'utf8'), 'xxx');
});

test('a secret that is no pair of tokens is said to be none', async (t) => {
  const user = newPairUser(t);
  await user.vaults.set(secretName(), 'something else');
  const { code, stderr } = await user.tessera(['connect', host, '--use-token']);
  assert.equal(code, 5);
  assert.match(stderr, /is no registered pair of tokens; store it again: tessera register/);
});

test('how to log in must be said, and only once; before that nothing can be called', async (t) => {
  const user = newPairUser(t);
  for (const line of [
    ['connect', host],
    ['connect', host, '--use-token', '--user', 'admin'],
    ['connect', host, '--use-token', '--credential-secret', 'x'],
    ['connect', host, '--user', 'admin', '--identifier', 'x'],
    ['call', '/account/v1/me'],
    ['call'],
  ]) {
    assert.equal((await user.tessera(line)).code, 2, line.join(' '));
  }
  assert.match(
    (await user.tessera(['call', '/x'])).stderr,
    /nothing is connected yet: tessera connect HOST --use-token/,
  );
});

test('a host that is away is exit code 1 and named', async (t) => {
  const user = newPairUser(t);
  await user.vaults.set(
    '127.0.0.1:9-accesstoken',
    JSON.stringify({
      v: 1,
      kind: 'nectar',
      fqdn: '127.0.0.1:9',
      identifier: null,
      accessToken: 'a',
      refreshToken: 'b',
    }),
  );
  const { code, stderr } = await user.tessera(['connect', '127.0.0.1:9', '--use-token']);
  assert.equal(code, 1);
  assert.match(stderr, /127\.0\.0\.1:9.*connection refused/);
});
