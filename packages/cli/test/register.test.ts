/** `register`: one secret for a host, under the name and with the text that it shall have. @module */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { secret } from '../../../test/harness/run-folder.ts';
import { newPairUser } from './pair-user.ts';

/** The description's own sample values. */
const access = '23fdsgvb34lkwe098fdskj32asfd9745';
const refresh = 'k239dfslm34289dfhgfd874hfgd';
const given = ['--access-token', access, '--refresh-token', refresh];

test("the description's sample values make exactly one secret, with both values, and draw a warning", async (t) => {
  const user = newPairUser(t);
  const { code, stdout, stderr } = await user.tessera(['register', 'us.nectar.services', ...given]);
  assert.deepEqual([code, stdout], [0, 'stored as us.nectar.services-accesstoken in the vault "local"\n']);
  assert.match(stderr, /^warning: tokens on the command line show in process lists/);
  assert.deepEqual(await user.vaults.open(null).list(), ['us.nectar.services-accesstoken']);
  const { storedAt = '', ...record } = (await user.stored('us.nectar.services-accesstoken')) ?? {};
  assert.deepEqual(record, {
    v: 1,
    kind: 'nectar',
    fqdn: 'us.nectar.services',
    identifier: null,
    accessToken: access,
    refreshToken: refresh,
    accessExpiresAt: null,
    refreshExpiresAt: null,
  });
  assert.ok(Math.abs(Date.parse(storedAt) - Date.now()) < 60_000);
});

test('with an identifier there is another secret beside it', async (t) => {
  const user = newPairUser(t);
  await user.tessera(['register', 'us.nectar.services', ...given]);
  const line = ['register', 'us.nectar.services', ...given, '--identifier', 'nightly', '--json'];
  const { code, stdout } = await user.tessera(line);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), {
    fqdn: 'us.nectar.services',
    identifier: 'nightly',
    secret: 'us.nectar.services-nightly-accesstoken',
    vault: 'local',
  });
  assert.deepEqual(await user.vaults.open(null).list(), [
    'us.nectar.services-accesstoken',
    'us.nectar.services-nightly-accesstoken',
  ]);
});

test('without no-clobber the newer values stay; with it those that are there, and the exit code is 6', async (t) => {
  const user = newPairUser(t);
  const line = ['register', 'us.nectar.services', '--stdin'];
  const pair = (n: number): string =>
    JSON.stringify({ accessToken: secret(`access-of-${n}`), refreshToken: secret(`refresh-of-${n}`) });
  for (const n of [1, 2]) assert.equal((await user.tessera(line, { input: pair(n) })).code, 0);
  const refused = await user.tessera([...line, '--no-clobber'], { input: pair(3) });
  assert.deepEqual([refused.code, refused.stdout], [6, '']);
  assert.match(
    refused.stderr,
    /has a secret "us\.nectar\.services-accesstoken" already, which is not replaced/,
  );
  assert.equal((await user.stored('us.nectar.services-accesstoken'))?.accessToken, 'access-of-2');
  assert.doesNotMatch(refused.stderr, /(access|refresh)-of/);
});

test('a name that two hosts would share stays with the first', async (t) => {
  const user = newPairUser(t);
  const input = JSON.stringify({
    accessToken: secret('access-of-first'),
    refreshToken: secret('refresh-of-first'),
  });
  assert.equal((await user.tessera(['register', 'a', '--identifier', 'b-c', '--stdin'], { input })).code, 0);
  const other = await user.tessera(['register', 'a-b', '--identifier', 'c', ...given]);
  assert.equal(other.code, 6);
  assert.match(other.stderr, /belongs to a, not to a-b; choose another identifier/);
  assert.equal((await user.stored('a-b-c-accesstoken'))?.accessToken, 'access-of-first');
  const connected = await user.tessera(['connect', 'a-b', '--identifier', 'c', '--use-token']);
  assert.equal(connected.code, 4);
  assert.match(connected.stderr, /belongs to a, not to a-b, and is not used/);
});

test('a pasted address is cut to its host; what is no host is refused', async (t) => {
  const user = newPairUser(t);
  for (const [typed, fqdn] of [
    ['https://US.Nectar.Services/', 'us.nectar.services'],
    ['us.nectar.services:443', 'us.nectar.services'],
    ['us.nectar.services:8443', 'us.nectar.services:8443'],
    ['http://localhost:8420', 'localhost:8420'],
    ['[::1]:8420', '[::1]:8420'],
  ] as const) {
    const { code, stdout, stderr } = await user.tessera(['register', typed, ...given, '--json']);
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as { fqdn: string }).fqdn, fqdn);
  }
  for (const typed of [
    'http://us.nectar.services',
    'https://us.nectar.services/path',
    'us.nectar.services?x',
    'user@us.nectar.services',
    'ftp://us.nectar.services',
    'a b',
    '..',
    '-x.example',
    'x:99999',
    'https://',
  ]) {
    const { code, stderr } = await user.tessera(['register', ...given, '--', typed]);
    assert.equal(code, 2, `${typed}: ${stderr}`);
  }
});

test('tokens come from standard input or from prompts without echo, and draw no warning', async (t) => {
  const user = newPairUser(t);
  const piped = await user.tessera(['register', 'one.example', '--stdin'], {
    input: JSON.stringify({
      id: 'x',
      accessToken: secret('access-by-pipe'),
      refreshToken: secret('refresh-by-pipe'),
    }),
  });
  assert.deepEqual([piped.code, piped.stderr], [0, '']);
  const typed = await user.tessera(['register', 'two.example'], {
    typed: ['access-typed\r', 'refresh-typed\r'],
  });
  assert.equal(typed.code, 0);
  assert.equal(typed.stderr, 'access token: \nrefresh token: \n');
  assert.equal((await user.stored('two.example-accesstoken'))?.refreshToken, 'refresh-typed');
});

test('half a pair, a token with a space, junk on standard input, a bad identifier, nobody to ask: exit code 2, nothing stored', async (t) => {
  const user = newPairUser(t);
  const host = 'us.nectar.services';
  const tooLong = 'x'.repeat(20_000);
  for (const [line, input] of [
    [['register', host, '--access-token', access], ''],
    [['register', host, '--access-token', 'two words', '--refresh-token', refresh], ''],
    [['register', host, '--access-token', access, '--refresh-token', ''], ''],
    [['register', host, '--access-token', access, '--refresh-token', tooLong], ''],
    [['register', host, '--stdin'], 'prose'],
    [['register', host, '--stdin'], '{"accessToken":"a"}'],
    [['register', host, '--stdin', ...given], '{}'],
    [['register', host, ...given, '--identifier', 'a/b'], ''],
    [['register', host, ...given, '--identifier', 'x'.repeat(65)], ''],
    [['register', host], ''],
    [['register'], ''],
  ] as const) {
    const { code, stdout, stderr } = await user.tessera(line, { input });
    assert.deepEqual([code, stdout], [2, ''], `${line.slice(1)}: ${stderr}`);
    assert.doesNotMatch(stderr, /two words|x{100}/);
  }
  assert.deepEqual(await user.vaults.open(null).list(), []);
});

test('the expiry is read from a token that says it', async (t) => {
  const user = newPairUser(t);
  const payload = Buffer.from(JSON.stringify({ exp: 1_900_000_000 })).toString('base64url');
  const input = JSON.stringify({
    accessToken: `e30.${payload}.x`,
    refreshToken: secret('refresh-without-time'),
  });
  await user.tessera(['register', 'us.nectar.services', '--stdin'], { input });
  assert.equal(
    (await user.stored('us.nectar.services-accesstoken'))?.accessExpiresAt,
    '2030-03-17T17:46:40.000Z',
  );
});

test('no value stands in clear on the disk', async (t) => {
  const user = newPairUser(t);
  await user.tessera(['register', 'us.nectar.services', ...given]);
  const bytes = readFileSync(join(user.home, '.tessera', 'vaults', 'local.age'), 'latin1');
  assert.doesNotMatch(bytes, new RegExp(`${access}|${refresh}|nectar`));
});
