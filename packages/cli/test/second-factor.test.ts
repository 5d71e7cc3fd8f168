/** Guarantees of `mfa`, and of signing in with a second factor, against a real server and an authenticator that is not ours. @module */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { otpAt } from '../../../test/harness/authenticator.ts';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { qrCodeLines } from '../src/terminal/qr-code.ts';
import { newUser, type Result, type User } from './cli.ts';

let server: Server;
let aheadMs = 0;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const password = secret('Right-pass1');
let count = 0;

/** Each code counts once: the next one is of the next step. */
function nextCode(seed: string): string {
  server.advance(30_000);
  aheadMs += 30_000;
  return otpAt(`otpauth://totp/tessera?secret=${seed}`, Date.now() + aheadMs);
}

const run = (user: User, ...words: string[]): Promise<Result> => user.run(['tessera', ...words]);
const typing = (user: User, typed: readonly string[], ...words: string[]): Promise<Result> =>
  user.run(['tessera', ...words], { typed: typed.map((line) => `${line}\r`) });

const loginFlags = (name: string): string[] => [
  'login',
  '--dialect',
  'nebularstack',
  '--auth-domain',
  'root',
  '--url',
  server.url,
  '--user',
  name,
];

/** A new account, signed in by the person given. */
async function signedIn(user: User): Promise<string> {
  const name = `user${++count}`;
  const env = {
    TESSERA_URL: server.url,
    TESSERA_USERNAME: 'admin',
    TESSERA_PASSWORD: server.adminPassword,
  };
  const line = ['tessera', 'users', 'create', '--username', name, '--friendly-name', name, '--pword-stdin'];
  const created = await user.run(line, { env, input: `${password}\n` });
  assert.equal(created.code, 0, created.stderr);
  assert.equal((await typing(user, [password], ...loginFlags(name))).code, 0);
  return name;
}

const seedIn = (shown: string): string => secret(/type the secret: ([A-Z2-7]{32})\n/.exec(shown)?.[1] ?? '');

interface Enrolled {
  readonly seed: string;
  readonly codes: readonly string[];
  readonly shown: Result;
}

/** Types the password, a wrong code, and the right one. */
async function enrol(user: User): Promise<Enrolled> {
  let seed = '';
  const typed = [
    `${password}\r`,
    '000000\r',
    (seen: string): string => {
      seed = seedIn(seen);
      return `${nextCode(seed)}\r`;
    },
  ];
  const shown = await user.run(['tessera', 'mfa', 'enrol'], { typed });
  assert.equal(shown.code, 0, shown.stderr);
  const { recovery_codes: codes } = JSON.parse(shown.stdout) as { recovery_codes: string[] };
  return { seed, codes: codes.map(secret), shown };
}

const fileOf = (user: User): string => readFileSync(join(user.home, '.tessera', 'config.yaml'), 'utf8');

test('enrolling shows a QR code and the secret, asks for a code until it is right, and prints ten recovery codes', async (t) => {
  const user = newUser(t);
  await signedIn(user);
  const { seed, codes, shown } = await enrol(user);
  assert.equal(codes.length, 10);
  assert.ok(shown.stderr.split('\n').filter((line) => line.startsWith('\u001b[97;40m')).length > 15);
  assert.match(
    shown.stderr,
    /^first code: \nThat code is not right; wait for the next one\.\nfirst code: $/m,
  );
  assert.ok(shown.stderr.endsWith('not shown again.\n'));
  for (const hidden of [...codes, password]) assert.ok(!shown.stderr.includes(hidden));
  assert.ok(!shown.stdout.includes(seed));
  assert.ok(!fileOf(user).includes(seed) && !codes.some((code) => fileOf(user).includes(code)));
  assert.equal((await run(user, 'whoami')).code, 0, 'the login that did it goes on');
});

test('without a terminal nothing is enrolled, and a traced request shows no secret', async (t) => {
  const user = newUser(t);
  await signedIn(user);
  const piped = await user.run(['tessera', 'mfa', 'enrol', '--password-stdin'], { input: `${password}\n` });
  assert.deepEqual([piped.code, piped.stdout], [2, '']);
  const typed = [`${password}\r`, (seen: string): string => `${nextCode(seedIn(seen))}\r`];
  const traced = await user.run(['tessera', 'mfa', 'enrol', '--verbose'], { typed });
  assert.equal(traced.code, 0, traced.stderr);
  const lines = traced.stderr.split('\n').filter((line) => /^[<>] /.test(line));
  assert.match(lines.join('\n'), /"secret":"\[secret\]".*"recovery_codes":"\[secret\]"/s);
  for (const hidden of [password, seedIn(traced.stderr), 'otpauth:', 'data:image'])
    assert.ok(!lines.some((line) => line.includes(hidden)), hidden);
});

test('a sign-in asks for the code where one is due, takes it as a flag, and a recovery code once', async (t) => {
  const user = newUser(t);
  const name = await signedIn(user);
  const { seed, codes } = await enrol(user);
  const asked = await typing(user, [password, nextCode(seed)], ...loginFlags(name));
  assert.equal(asked.code, 0, asked.stderr);
  assert.match(asked.stderr, /^password: \none-time password: \n/);
  const code = nextCode(seed);
  assert.equal((await typing(user, [password], ...loginFlags(name), '--otp', code)).code, 0);
  assert.equal((await typing(user, [password], ...loginFlags(name), '--otp', code)).code, 1);
  const recovery = codes[0] ?? '';
  assert.equal((await typing(user, [password], ...loginFlags(name), '--otp', recovery)).code, 0);
  assert.equal((await typing(user, [password], ...loginFlags(name), '--otp', recovery)).code, 1);
  const minimal = await typing(user, [password], ...loginFlags(name), '--type', 'minimal');
  assert.equal(minimal.code, 0, minimal.stderr);
});

test('recovery codes are renewed, and the second factor goes, by password and code together', async (t) => {
  const user = newUser(t);
  const name = await signedIn(user);
  const { seed, codes } = await enrol(user);
  const renewed = await typing(user, [password, nextCode(seed)], 'mfa', 'recovery');
  const { recovery_codes: fresh } = JSON.parse(renewed.stdout) as { recovery_codes: string[] };
  assert.equal(fresh.map(secret).length, 10);
  assert.ok(!fresh.some((code) => codes.includes(code)));

  const wrong = await typing(user, [password, '000000'], 'mfa', 'disable');
  assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
  const line = ['tessera', 'mfa', 'disable', '--password-stdin', '--otp', nextCode(seed)];
  assert.deepEqual(await user.run(line, { input: `${password}\n` }), { code: 0, stdout: '', stderr: '' });
  assert.equal((await typing(user, [password], ...loginFlags(name))).code, 0);
});

test('what a server sends for a QR code does not steer the terminal', () => {
  const terminal = { isTTY: true } as NodeJS.WriteStream;
  assert.deepEqual(qrCodeLines('█▀ \u001b[2J', terminal), []);
  assert.deepEqual(qrCodeLines('█▀▄ \n', terminal), ['\u001b[97;40m█▀▄ \u001b[0m']);
  assert.deepEqual(qrCodeLines('█▀▄ \n', { isTTY: false } as NodeJS.WriteStream), ['█▀▄ ']);
});
