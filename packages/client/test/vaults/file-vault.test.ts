/** The file vault: what is on the disk, what opens it, and what is said of a file that is not as it should be. @module */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { mayMount, withOwnMounts } from '../../../../test/harness/own-mounts.ts';
import { secret } from '../../../../test/harness/run-folder.ts';
import { fileVault, readKeyFile, Secret, type SecretVault, type VaultKey } from '../../src/index.ts';
import { refusal } from './conformance.ts';
import { temporaryFolder } from './temporary-folder.ts';

const passphrase = (text: string): VaultKey => ({ kind: 'passphrase', text: new Secret(secret(text)) });
const key: VaultKey = { kind: 'bytes', text: new Secret(secret(Buffer.alloc(32, 9).toString('base64'))) };
const pathIn = (folder: string): string => join(folder, 'vaults', 'local.age');
const open = (path: string, unlock: VaultKey = key): SecretVault =>
  fileVault({ name: 'local', path, unlock });

test("a passphrase opens it, in age's own format; a wrong one does not, and harms nothing", async (t) => {
  const path = pathIn(temporaryFolder(t));
  await open(path, passphrase('correct horse battery')).set('a', secret('value-behind-passphrase'));
  assert.equal(await open(path, passphrase('correct horse battery')).get('a'), 'value-behind-passphrase');
  await assert.rejects(open(path, passphrase('wrong horse')).get('a'), refusal('denied'));
  await assert.rejects(open(path, passphrase('wrong horse')).set('a', 'value-b'), refusal('denied'));
  await assert.rejects(open(path).get('a'), refusal('denied'));
  const age = new Decrypter();
  age.addPassphrase('correct horse battery');
  assert.match(await age.decrypt(readFileSync(path), 'text'), /value-behind-passphrase/);
});

test('what age itself has made with a passphrase or a key is opened', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'vaults'), { mode: 0o700 });
  const content = JSON.stringify({ v: 1, secrets: { a: secret('value-made-by-age') } });
  const identity = secret(await generateX25519Identity());
  const byPassphrase = new Encrypter();
  byPassphrase.setPassphrase('of age itself');
  byPassphrase.setScryptWorkFactor(12);
  const byKey = new Encrypter();
  byKey.addRecipient(await identityToRecipient(identity));
  writeFileSync(join(folder, 'key.txt'), `# created: today\n# public key: age1…\n${identity}\n`, {
    mode: 0o600,
  });
  for (const [encrypter, unlock] of [
    [byPassphrase, passphrase('of age itself')],
    [byKey, readKeyFile(join(folder, 'key.txt'), process.platform)],
  ] as const) {
    writeFileSync(pathIn(folder), await encrypter.encrypt(content), { mode: 0o600 });
    assert.equal(await open(pathIn(folder), unlock).get('a'), 'value-made-by-age');
  }
});

test('the file has mode 0600, its folder 0700, and neither names nor values in it', async (t) => {
  const path = pathIn(temporaryFolder(t));
  await open(path).set('us.nectar.services-accesstoken', secret('value-not-to-be-seen'));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  assert.doesNotMatch(readFileSync(path, 'latin1'), /nectar|value/);
  assert.deepEqual(readdirSync(dirname(path)), ['local.age']);
});

test('wider modes are refused, with the line that narrows them', async (t) => {
  const path = pathIn(temporaryFolder(t));
  await open(path).set('a', 'value-a');
  chmodSync(path, 0o640);
  await assert.rejects(open(path).get('a'), (error: Error) => {
    assert.match(error.message, /run: chmod 600 /);
    return refusal('denied')(error);
  });
  chmodSync(path, 0o600);
  chmodSync(dirname(path), 0o755);
  await assert.rejects(open(path).set('a', 'value-b'), (error: Error) => {
    assert.match(error.message, /run: chmod 700 /);
    return refusal('denied')(error);
  });
});

test('cut off anywhere, of another version, or no vault at all: said, with the cure, and never overwritten', async (t) => {
  const path = pathIn(temporaryFolder(t));
  await open(path).set('a', 'value-a');
  const whole = readFileSync(path);
  const broken: (readonly [Buffer, RegExp])[] = [
    ...Array.from(
      { length: whole.length },
      (_, length) => [whole.subarray(0, length), /cut off|empty|no age file|version/] as const,
    ),
    [Buffer.from('{"secrets":{}}'), /no age file; restore it from a backup/],
    [
      Buffer.from(`age-encryption.org/v2\n${whole.toString('latin1').slice(22)}`, 'latin1'),
      /version age-encryption\.org\/v2/,
    ],
    [Buffer.concat([whole.subarray(0, -1), Buffer.from([(whole.at(-1) ?? 0) ^ 1])]), /damaged/],
  ];
  for (const [bytes, said] of broken) {
    writeFileSync(path, bytes);
    await assert.rejects(open(path).set('b', 'value-b'), (error: Error) => {
      assert.match(error.message, said, `${bytes.length} bytes`);
      return refusal('unavailable')(error);
    });
    assert.deepEqual(readFileSync(path), bytes);
  }
});

test('contents of a later format are left to the version that wrote them', async (t) => {
  const path = pathIn(temporaryFolder(t));
  mkdirSync(dirname(path), { mode: 0o700 });
  const encrypter = new Encrypter();
  encrypter.setPassphrase('of a later time');
  encrypter.setScryptWorkFactor(10);
  writeFileSync(path, await encrypter.encrypt('{"v":2,"items":[]}'), { mode: 0o600 });
  await assert.rejects(open(path, passphrase('of a later time')).get('a'), (error: Error) => {
    assert.match(error.message, /format 2; use the version of Tessera that wrote it/);
    return refusal('unavailable')(error);
  });
});

test('a planted file cannot make the machine derive for ever', async (t) => {
  const path = pathIn(temporaryFolder(t));
  mkdirSync(dirname(path), { mode: 0o700 });
  const salt = Buffer.alloc(16).toString('base64').replace(/=+$/, '');
  const body = Buffer.alloc(32).toString('base64').replace(/=+$/, '');
  writeFileSync(
    path,
    `age-encryption.org/v1\n-> scrypt ${salt} 21\n${body}\n--- ${body}\n${'x'.repeat(40)}`,
    {
      mode: 0o600,
    },
  );
  await assert.rejects(open(path, passphrase('any passphrase')).get('a'), refusal('unavailable'));
});

test('a key file is one of age, or at least 32 bytes, readable by its owner alone', (t) => {
  const path = join(temporaryFolder(t), 'key');
  assert.throws(() => readKeyFile(path, process.platform), refusal('locked'));
  writeFileSync(path, 'too short\n', { mode: 0o600 });
  assert.throws(() => readKeyFile(path, process.platform), refusal('denied'));
  writeFileSync(path, 'r'.repeat(44));
  const key = readKeyFile(path, process.platform);
  writeFileSync(path, `${'r'.repeat(44)}\n`);
  assert.deepEqual(readKeyFile(path, process.platform).text.reveal(), key.text.reveal());
  chmodSync(path, 0o644);
  assert.throws(() => readKeyFile(path, process.platform), refusal('denied'));
});

const writer = `
  import { readFileSync } from 'node:fs';
  import { fileVault, Secret } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
  const [path, name, times] = process.argv.slice(1);
  const unlock = { kind: 'bytes', text: new Secret(${JSON.stringify(Buffer.alloc(32, 9).toString('base64'))}) };
  const vault = fileVault({ name: 'local', path, unlock });
  if (name === 'prepare') await vault.prepareWrite('a').catch(({ code, message }) => console.log(code, message));
  else for (let n = 0; n < Number(times); n++) await vault.set(name + n, 'value-of-' + n).catch(({ code, message }) => console.log(code, message));
`;
const nodeArgs = (...args: string[]): string[] => [
  '--conditions=source',
  '--input-type=module',
  '--eval',
  writer,
  ...args,
];

test('of five processes that write at once, no write is lost', async (t) => {
  const path = pathIn(temporaryFolder(t));
  const codes = await Promise.all(
    Array.from({ length: 5 }, (_, index) => {
      const child = spawn(process.execPath, nodeArgs(path, `p${index}-`, '3'), { stdio: 'inherit' });
      return new Promise((resolve) => child.on('exit', resolve));
    }),
  );
  assert.deepEqual(new Set(codes), new Set([0]));
  assert.equal((await open(path).list()).length, 15);
});

test('killed while it writes, at any moment, the vault is as it was before or after', async (t) => {
  const path = pathIn(temporaryFolder(t));
  await open(path).set('kept', 'value-kept');
  for (const [round, delayMs] of [120, 150, 180, 220, 270].entries()) {
    const child = spawn(process.execPath, nodeArgs(path, `k${round}-`, '1000'), { stdio: 'inherit' });
    setTimeout(() => child.kill('SIGKILL'), delayMs);
    await new Promise((resolve) => child.on('exit', resolve));
    assert.equal(await open(path).get('kept'), 'value-kept');
  }
  await open(path).set('after', 'value-after');
  assert.equal(await open(path).get('after'), 'value-after');
});

const quoted = (args: readonly string[]): string =>
  args.map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(' ');
const run = (path: string, name: string): string => `"$NODE" ${quoted(nodeArgs(path, name, '1'))}`;

function shell([command, args]: readonly [command: string, args: readonly string[]]): string {
  const env = { ...process.env, NODE: process.execPath };
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** A file system of its own in the vault's folder. */
const mount = (options: string, path: string): string =>
  `mount -t tmpfs -o ${options},mode=0700 none ${dirname(path)}`;

const refusedTwice = (code: string, said: string): RegExp =>
  new RegExp(`^${code} .*${said}.*\n${code} .*${said}`);

test('on a full disk a write fails before anything is spent for it, and says so', (t) => {
  const path = pathIn(temporaryFolder(t));
  mkdirSync(dirname(path), { mode: 0o700 });
  const attempts = `${run(path, 'prepare')}; ${run(path, 'second')}`;
  const fill = `(head -c 1m /dev/zero > ${dirname(path)}/rest || true) 2>/dev/null`;
  const full = mayMount
    ? withOwnMounts(`${mount('size=256k', path)} && ${run(path, 'first')} && ${fill}; ${attempts}`)
    : (['sh', ['-c', `ulimit -f 0 && ${attempts}`]] as const);
  assert.match(shell(full), refusedTwice('unavailable', 'the disk is full; make room on it'));
});

test('on a read-only disk a write fails before anything is spent for it, and says so', (t) => {
  const path = pathIn(temporaryFolder(t));
  mkdirSync(dirname(path), { mode: 0o700 });
  const remount = `mount -o remount,ro none ${dirname(path)}`;
  const attempts = (at: string): string => `${run(at, 'prepare')}; ${run(at, 'second')}`;
  const readOnly = mayMount
    ? withOwnMounts(`${mount('size=1m', path)} && ${run(path, 'first')} && ${remount} && ${attempts(path)}`)
    : (['sh', ['-c', attempts('/sys/tessera/local.age')]] as const);
  assert.match(shell(readOnly), refusedTwice('read_only', 'make that folder writable'));
});
