/** `applications` and `token` with `--server`, against a real server. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { grantJsonWebToken } from '@tessera/token';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { newAdministrator, newPairUser, type PairUser } from './pair-user.ts';

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

async function done(user: PairUser, line: string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await user.tessera(line, input === undefined ? {} : { input });
  assert.equal(code, 0, stderr);
  return stdout;
}

interface Shown {
  readonly id: string;
  readonly signingKey: string;
  readonly credential: string;
}

async function register(user: PairUser, name: string): Promise<Shown> {
  const shown = JSON.parse(
    await done(user, ['applications', 'create', '--name', name, '--issuer', 'IMS']),
  ) as Shown;
  secret(shown.signingKey);
  secret(shown.credential);
  return shown;
}

test('a token granted at a server is printed alone, listed, verified with the key, and revoked', async (t) => {
  const user = await newAdministrator(t, server);
  const { signingKey } = await register(user, 'Billing API');
  const line = [
    'token',
    'grant',
    '--server',
    server.url,
    '--application',
    'Billing API',
    '--identity',
    'Adam',
  ];
  const { code, stdout, stderr } = await user.tessera([
    ...[...line, '--role', 'Operator', '--payload', 'Account=Billing', '--expiry', '10d'],
    ...['--description', 'nightly'],
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  secret(stdout.trim().split('.')[2] ?? '');
  const verify = ['token', 'verify', '-', '--issuer', 'IMS', '--signing-key', signingKey];
  assert.match(await done(user, verify, stdout), /UserName : Adam\nRoles {4}: Operator\n/);
  const { tokens } = JSON.parse(
    await done(user, ['token', 'list', '--server', server.url, '--state', 'live']),
  );
  assert.deepEqual([tokens.length, tokens[0].identity, tokens[0].description], [1, 'Adam', 'nightly']);
  assert.equal(await done(user, ['token', 'revoke', tokens[0].hash]), 'token revoked\n');
  assert.equal(
    JSON.parse(await done(user, ['token', 'list', '--state', 'revoked'])).tokens[0].hash,
    tokens[0].hash,
  );
});

test('an offline token is denied from standard input, or by its hash', async (t) => {
  const user = await newAdministrator(t, server);
  const { signingKey } = await register(user, 'offline');
  const token = grantJsonWebToken({ identity: 'Eve', issuer: 'IMS', signingKey });
  const line = ['token', 'deny', '--application', 'offline', '--json'];
  const denied = JSON.parse(await done(user, [...line, '-'], `${token}\n`));
  assert.match(denied.expiresAt, /^\d{4}-/);
  const again = JSON.parse(await done(user, [...line, denied.hash.toUpperCase()]));
  assert.equal(again.hash, denied.hash);
});

test('applications are listed, given a new key and credential, and deleted with their tokens', async (t) => {
  const user = await newAdministrator(t, server);
  const first = await register(user, 'short-lived');
  await done(user, ['token', 'grant', '--server', server.url, '--application', 'short-lived']);
  const key = JSON.parse(
    await done(user, ['applications', 'rotate-key', 'short-lived', '--keep-previous', '1d']),
  );
  assert.notEqual(secret(key.signingKey), first.signingKey);
  const renewed = JSON.parse(await done(user, ['applications', 'rotate-credential', first.id]));
  assert.notEqual(secret(renewed.credential), first.credential);
  const listed = await done(user, ['applications', 'list']);
  assert.ok(listed.includes('short-lived'));
  for (const text of [first.signingKey, first.credential, key.signingKey, renewed.credential])
    assert.ok(!listed.includes(text));
  await done(user, ['applications', 'delete', 'short-lived']);
  const { code } = await user.tessera(['token', 'list', '--application', 'short-lived']);
  assert.equal(code, 1);
});

test('what makes no sense is told before anything is asked', async (t) => {
  const user = newPairUser(t);
  const wrong = [
    ['token', 'grant', '--server', server.url],
    ['token', 'grant', '--server', server.url, '--application', 'x', '--signing-key', 'secret key'],
    ['token', 'grant', '--server', server.url, '--application', 'x', '--issuer', 'IMS'],
    ['token', 'grant', '--identity', 'Adam', '--description', 'x'],
    ['token', 'grant', '--server', server.url, '--application', 'x', '--expiry', 'soon'],
    ['token', 'revoke'],
    ['token', 'deny', 'hash'],
    ['token', 'deny', '--application', 'x', '--expiry', '1d', 'a.b.c'],
    ['applications', 'create'],
  ];
  for (const line of wrong) {
    const { code, stdout, stderr } = await user.tessera(line);
    assert.deepEqual([code, stdout], [2, ''], line.join(' '));
    assert.ok(!stderr.includes('secret key'));
  }
});
