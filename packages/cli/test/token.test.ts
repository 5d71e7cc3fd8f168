/** `token grant`, `token decode`, `token verify`: JSON web tokens of an API of one's own, offline. @module */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { grantJsonWebToken, verifyJsonWebToken } from '@tessera/token';
import { newUser } from './cli.ts';

const signingKey = 'a key of forty bytes, for these tests only';
const known = grantJsonWebToken(
  {
    identity: 'Adam',
    payload: { Account: 'Billing' },
    hash: 'de19e3e8-2be5-4ad6-a14c-b0988979773c',
    now: new Date('2019-10-23T15:03:45Z'),
  },
  () => {},
);

test('what is granted is verified: exit code 0, with user name, roles and expiry', async (t) => {
  const user = newUser(t);
  const options = ['--role', 'Administrator', '--role', 'Shift Operator', '--expiry', '2099-12-31'];
  const granted = await user.spawn(['tessera', 'token', 'grant', '--identity', 'Adam', ...options]);
  assert.equal(granted.code, 0);
  assert.match(granted.stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const verified = await user.spawn(['tessera', 'token', 'verify', '-'], { input: granted.stdout });
  assert.deepEqual(verified, {
    code: 0,
    stdout:
      'UserName : Adam\nRoles    : Administrator, Shift Operator\nExpires  : 2099-12-31T00:00:00.000Z\n',
    stderr: '',
  });
});

test('a changed token exits with 1 and says why, without the token', async (t) => {
  const user = newUser(t);
  const { stdout } = await user.run(['tessera', 'token', 'grant', '--identity', 'Adam']);
  const [header, payload = '', signature] = stdout.trim().split('.');
  const json = Buffer.from(payload, 'base64url').toString().replace('Adam', 'Eve');
  const changed = [header, Buffer.from(json).toString('base64url'), signature].join('.');
  assert.deepEqual(await user.run(['tessera', 'token', 'verify', changed]), {
    code: 1,
    stdout: '',
    stderr: 'The signature is invalid\n',
  });
  assert.equal((await user.run(['tessera', 'token', 'verify', known])).stderr, 'The token is expired\n');
});

test('the default key is warned of each time, on standard error only; a key of one’s own is not', async (t) => {
  const user = newUser(t);
  const grant = ['tessera', 'token', 'grant', '--identity', 'Adam'];
  for (const _ of [1, 2]) {
    const { stdout, stderr } = await user.run(grant);
    assert.match(stderr, /^warning: the signing key is the default one/);
    assert.doesNotMatch(stdout + stderr, /default_signing_key|warning.*\n.*warning/);
  }
  const own = await user.run(grant, { env: { TESSERA_SIGNING_KEY: signingKey } });
  assert.equal(own.stderr, '');
  assert.equal(verifyJsonWebToken(own.stdout.trim(), { signingKey }).userName, 'Adam');
});

test('a key comes from a file, from standard input or a flag, without its one final newline', async (t) => {
  const user = newUser(t);
  const file = join(user.home, 'key.txt');
  writeFileSync(file, `${signingKey}\r\n`);
  const grant = ['tessera', 'token', 'grant', '--identity', 'Adam'];
  const results = [
    await user.run([...grant, '--signing-key-file', file]),
    await user.run([...grant, '--signing-key-stdin'], { input: `${signingKey}\n` }),
    await user.run([...grant, '--signing-key', signingKey], { env: { TESSERA_SIGNING_KEY: 'another' } }),
  ];
  for (const { stdout } of results) {
    assert.equal(verifyJsonWebToken(stdout.trim(), { signingKey }).userName, 'Adam');
  }
  assert.deepEqual(
    results.map(({ stderr }) => stderr),
    ['', '', 'warning: --signing-key shows in the process list\n'],
  );
  const twoLines = await user.run([...grant, '--signing-key-stdin'], { input: `${signingKey}\n\n` });
  assert.throws(() => verifyJsonWebToken(twoLines.stdout.trim(), { signingKey }));
});

test('a payload keeps its order: the file first, then the single entries', async (t) => {
  const user = newUser(t);
  const grant = ['tessera', 'token', 'grant', '--identity', 'Adam', '--payload-json', '-'];
  const { stdout } = await user.run([...grant, '--payload', 'Account=Bill=ing', '--payload', '9=y'], {
    input: '{"b":[1,null],"10":"x"}',
  });
  const payload = Buffer.from(stdout.split('.')[1] ?? '', 'base64url').toString();
  assert.ok(payload.endsWith(',"b":[1,null],"10":"x","Account":"Bill=ing","9":"y"}'), payload);
});

describe('token decode', () => {
  test('shows the properties of the original, and says that nothing was verified', async (t) => {
    const user = newUser(t);
    const { code, stdout, stderr } = await user.run(['tessera', 'token', 'decode', known]);
    assert.deepEqual([code, stderr], [0, 'nothing was verified: this is what the token says of itself\n']);
    const lines = stdout.trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => line.slice(0, 23).trimEnd()),
      [
        'Actor Audiences Claims EncodedHeader EncodedPayload Header Id Issuer Payload InnerToken',
        'RawAuthenticationTag RawCiphertext RawData RawEncryptedKey RawInitializationVector RawHeader',
        'RawPayload RawSignature SecurityKey SignatureAlgorithm SigningCredentials EncryptingCredentials',
        'SigningKey Subject ValidFrom ValidTo',
      ]
        .join(' ')
        .split(' '),
    );
    for (const line of [
      'Actor                   :',
      'Audiences               : {UniversalDashboard}',
      'Header                  : {[alg, HS256], [typ, JWT]}',
      'SignatureAlgorithm      : HS256',
      'ValidFrom               : 10/23/2019 3:03:45 PM',
      'ValidTo                 : 10/23/2020 3:03:45 PM',
    ]) {
      assert.ok(lines.includes(line), line);
    }
  });

  test('--payload is a table of keys and values, --json has ISO dates', async (t) => {
    const user = newUser(t);
    const table = await user.run(['tessera', 'token', 'decode', '--payload'], { input: `${known}\n` });
    const name = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name';
    assert.deepEqual(table.stdout.split('\n').slice(0, 3), [
      `${'Key'.padEnd(name.length)} Value`,
      `${'---'.padEnd(name.length)} -----`,
      `${name} Adam`,
    ]);
    const { stdout } = await user.run(['tessera', 'token', 'decode', '--json', known]);
    assert.equal(JSON.parse(stdout).validTo, '2020-10-23T15:03:45.000Z');
  });

  test('what a token says cannot steer the terminal', async (t) => {
    const payload = Buffer.from('{"sub":"\\u001b[2J\\u202e"}').toString('base64url');
    const token = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const { stdout } = await newUser(t).run(['tessera', 'token', 'decode', token]);
    assert.ok(stdout.includes('Subject                 : \\u001b[2J\\u202e\n'), stdout);
  });
});

describe('what cannot be done is said, and shows no secret', () => {
  const adam = ['grant', '--identity', 'Adam'];
  const refused: readonly [line: readonly string[], code: number, message: RegExp][] = [
    [['grant'], 2, /exactly one of --identity, --user-name and --application/],
    [['grant', '--identity', 'Adam', '--user-name', 'Adam'], 2, /exactly one/],
    [[...adam, '--payload', 'exp=1'], 2, /"exp"/],
    [[...adam, '--payload', 'Account'], 2, /KEY=VALUE/],
    [[...adam, '--payload', 'A=1', '--payload', 'A=2'], 2, /"A" is given twice/],
    [[...adam, '--expiry', 'tomorrow'], 2, /--expiry/],
    [[...adam, '--expiry', '2001-01-01'], 2, /not in the future/],
    [[...adam, '--role', ''], 2, /role/],
    [[...adam, '--signing-key', ''], 2, /empty/],
    [[...adam, '--signing-key', 'x', '--signing-key-stdin'], 2, /one of --signing-key-file/],
    [[...adam, '--signing-key-file', '/nowhere/key'], 1, /cannot be read \(ENOENT\)/],
    [[...adam, '--payload-json', '-', '--signing-key-stdin'], 2, /standard input cannot be both/],
    [[...adam, '--payload-json', '/nowhere/payload'], 1, /ENOENT/],
    [['verify', '-', '--signing-key-stdin'], 2, /standard input cannot be both/],
    [['verify', 'a.b'], 1, /^The token is malformed\n$/],
    [['decode', 'a.b'], 1, /^the token does not have three parts\n$/],
    [['decode', '-'], 2, /there is no token/],
  ];
  for (const [line, code, message] of refused) {
    test(line.join(' '), async (t) => {
      const result = await newUser(t).run(['tessera', 'token', ...line]);
      assert.deepEqual([result.code, result.stdout], [code, '']);
      assert.match(result.stderr, message);
    });
  }
});
