/** `connect` with a user and password: by prompt, by standard input, out of a vault; against a real server. @module */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { hostOf, newPairUser } from './pair-user.ts';

let server: Server;
let host: string;
before(async () => {
  server = await startServer();
  host = hostOf(server);
});
after(() => server?.stop());

test('the password is typed or piped at every use, and kept nowhere', async (t) => {
  const user = newPairUser(t);
  const line = ['connect', host, '--user', 'admin'];
  const typed = await user.tessera(line, { typed: [`${server.adminPassword}\r`] });
  assert.deepEqual([typed.code, typed.stdout], [0, `connected to ${server.url} as admin\n`]);
  const input = `${server.adminPassword}\n`;
  const called = await user.tessera(['call', '/account/v1/me', '--password-stdin'], { input });
  assert.equal((JSON.parse(called.stdout) as { session: { kind: string } }).session.kind, 'basic');
  const kept = readFileSync(join(user.home, '.tessera', 'connection.json'), 'utf8');
  assert.ok(!kept.includes(server.adminPassword));
  assert.equal((await user.tessera(['call', '/account/v1/me'])).code, 2, 'nobody to ask');
});

test('a wrong password is exit code 3, with the sentence that helps those who have single sign-on', async (t) => {
  const user = newPairUser(t);
  const input = `${secret('wrong-password-of-basic')}\n`;
  const { code, stdout, stderr } = await user.tessera(
    ['connect', host, '--user', 'admin', '--password-stdin'],
    { input },
  );
  assert.deepEqual([code, stdout], [3, '']);
  assert.match(stderr, /Accounts that use single sign-on .* generate an API token/);
});

test('user and password come out of a vault, also for the calls that follow', async (t) => {
  const user = newPairUser(t);
  await user.vaults.set(
    'admin-at-home',
    JSON.stringify({ userName: 'admin', password: server.adminPassword }),
  );
  const line = ['connect', host, '--credential-secret', 'admin-at-home', '--json'];
  const { code, stdout } = await user.tessera(line);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), {
    fqdn: host,
    identifier: null,
    vault: 'local',
    secret: 'admin-at-home',
    userName: 'admin',
  });
  assert.equal((await user.tessera(['call', '/account/v1/me'])).code, 0);
  await user.vaults.set('no-account', '{"user":"x"}');
  assert.equal((await user.tessera(['connect', host, '--credential-secret', 'no-account'])).code, 5);
  assert.equal((await user.tessera(['connect', host, '--credential-secret', 'nothing'])).code, 4);
});

test('a password that is kept for the server of a login is not sent to another host', async (t) => {
  const user = newPairUser(t);
  const { mkdirSync, writeFileSync } = await import('node:fs');
  mkdirSync(join(user.home, '.tessera'), { mode: 0o700 });
  writeFileSync(
    join(user.home, '.tessera', 'config.yaml'),
    `TESSERA_URL: https://other.example\nTESSERA_PASSWORD: ${server.adminPassword}\nTESSERA_NOSSLVERIFY: true\n`,
    { mode: 0o600 },
  );
  const { code, stderr } = await user.tessera(['connect', host, '--user', 'admin']);
  assert.equal(code, 2);
  assert.match(stderr, /cannot ask for the password without a terminal/);
});
