/** `vault list|add|remove|set-default|unlock`. @module */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { secret } from '../../../test/harness/run-folder.ts';
import { newPairUser } from './pair-user.ts';

interface Listed {
  readonly vaults: readonly { readonly name: string; readonly kind: string; readonly isDefault: boolean }[];
}

test('vaults are added, made the default, listed and forgotten; their contents stay', async (t) => {
  const user = newPairUser(t);
  assert.equal((await user.tessera(['vault', 'list'])).stdout, '* local  file\n');
  const add = [
    'vault',
    'add',
    'team',
    '--kind',
    'hashicorp',
    '--option',
    'addr=https://vault.example.com',
    '-o',
    'path=a/b',
  ];
  const added = await user.tessera([...add, '--json']);
  assert.deepEqual(JSON.parse(added.stdout), {
    name: 'team',
    kind: 'hashicorp',
    options: { addr: 'https://vault.example.com', path: 'a/b' },
    isDefault: false,
  });
  await user.tessera(['vault', 'add', 'env', '--kind', 'environment', '--default']);
  assert.equal(
    (await user.tessera(['vault', 'list'])).stdout,
    '  local  file\n  team   hashicorp\n* env    environment\n',
  );
  await user.vaults.set('kept', secret('value-that-is-kept'), { vault: 'local' });
  assert.equal((await user.tessera(['vault', 'set-default', 'local'])).code, 0);
  for (const name of ['team', 'env', 'local'])
    assert.equal((await user.tessera(['vault', 'remove', name])).code, 0);
  assert.equal((await user.tessera(['vault', 'list'])).stdout, 'no vault is registered\n');
  await user.tessera(['vault', 'add', 'local', '--kind', 'file']);
  const { stdout } = await user.tessera(['vault', 'list', '--json']);
  assert.deepEqual(
    (JSON.parse(stdout) as Listed).vaults.map(({ name, isDefault }) => [name, isDefault]),
    [['local', true]],
  );
  assert.equal(await user.vaults.get('kept'), 'value-that-is-kept');
});

test('wrong names, kinds and options are exit code 2, unknown vaults 4, taken names 6', async (t) => {
  const user = newPairUser(t);
  for (const [line, expected] of [
    [['add', 'x'], 2],
    [['add', 'x', '--kind', 'paper'], 2],
    [['add', 'a b', '--kind', 'file'], 2],
    [['add', 'x', '--kind', 'file', '--option', 'path'], 2],
    [['add', 'x', '--kind', 'file', '--option', 'token=x'], 2],
    [['add', 'x', '--kind', 'azure'], 2],
    [['add', 'x', '--kind', 'hashicorp', '--option', 'addr=http://vault.example.com'], 2],
    [['add', 'local', '--kind', 'file'], 6],
    [['remove', 'none'], 4],
    [['set-default', 'none'], 4],
    [['unlock', 'none'], 4],
    [['unlock', '--minutes', '1441'], 2],
  ] as const) {
    const { code, stdout, stderr } = await user.tessera(['vault', ...line]);
    assert.deepEqual([code, stdout], [expected, ''], `${line}: ${stderr}`);
  }
  assert.ok(!existsSync(join(user.home, '.tessera', 'vaults.json')));
});

test('a key file that is named and not there is made, for its user alone, and opens the vault by itself', async (t) => {
  const user = newPairUser(t);
  const keyFile = join(user.home, 'made.key');
  await user.tessera(['vault', 'add', 'ci', '--kind', 'file', '--option', `keyFile=${keyFile}`, '--default']);
  assert.equal(statSync(keyFile).mode & 0o777, 0o600);
  assert.match(readFileSync(keyFile, 'utf8'), /^AGE-SECRET-KEY-1/m);
  const input = JSON.stringify({
    accessToken: secret('access-in-ci-vault'),
    refreshToken: secret('refresh-in-ci-vault'),
  });
  const env = { TESSERA_VAULT_KEY_FILE: '' };
  const { code, stdout } = await user.tessera(['register', 'a.example', '--stdin'], { input, env });
  assert.deepEqual([code, stdout], [0, 'stored as a.example-accesstoken in the vault "ci"\n']);
  const before = readFileSync(keyFile, 'utf8');
  await user.tessera(['vault', 'remove', 'ci']);
  await user.tessera(['vault', 'add', 'ci', '--kind', 'file', '--option', `keyFile=${keyFile}`]);
  assert.equal(readFileSync(keyFile, 'utf8'), before);
});

test('at first use a passphrase is chosen, typed twice; unlocked, the vault opens without it', async (t) => {
  const user = newPairUser(t);
  const env = { TESSERA_VAULT_KEY_FILE: '' };
  const line = ['register', 'us.nectar.services', '--access-token', 'a', '--refresh-token', 'r'];
  const slip = await user.tessera(line, { env, typed: ['a passphrase\r', 'another\r'] });
  assert.equal(slip.code, 2);
  assert.match(slip.stderr, /the two passphrases differ; nothing was stored/);
  const passphrase = secret('a passphrase of several words');
  const { code } = await user.tessera(line, { env, typed: [`${passphrase}\r`, `${passphrase}\r`] });
  assert.equal(code, 0);
  const locked = await user.tessera(line, { env });
  assert.equal(locked.code, 5);
  assert.match(
    locked.stderr,
    /is locked: give its passphrase by TESSERA_VAULT_PASSPHRASE_FILE, or run "tessera vault unlock"/,
  );

  const wrong = await user.tessera(['vault', 'unlock'], { env, input: 'wrong passphrase\n' });
  assert.equal(wrong.code, 5);
  const unlocked = await user.tessera(['vault', 'unlock', '--minutes', '5'], {
    env,
    input: `${passphrase}\n`,
  });
  assert.deepEqual([unlocked.code, unlocked.stdout], [0, 'vault "local" unlocked for 5 minutes\n']);
  assert.equal((await user.tessera(line, { env })).code, 0);
  assert.equal((await user.tessera(['vault', 'unlock', 'local', '--minutes', '0'], { env })).code, 0);
  assert.equal((await user.tessera(line, { env })).code, 5);
});

test('a passphrase comes from a private file or from standard input', async (t) => {
  const user = newPairUser(t);
  const file = join(user.home, 'passphrase');
  writeFileSync(file, `${secret('passphrase in a file')}\n`, { mode: 0o600 });
  const env = { TESSERA_VAULT_KEY_FILE: '', TESSERA_VAULT_PASSPHRASE_FILE: file };
  const line = ['register', 'us.nectar.services', '--access-token', 'a', '--refresh-token', 'r'];
  assert.equal((await user.tessera(line, { env })).code, 0);
  const piped = { TESSERA_VAULT_KEY_FILE: '', TESSERA_VAULT_PASSPHRASE_FILE: '-' };
  assert.equal((await user.tessera(line, { env: piped, input: 'passphrase in a file\n' })).code, 0);
  const flagged = { env: { TESSERA_VAULT_KEY_FILE: '' }, input: 'passphrase in a file\n' };
  assert.equal((await user.tessera([...line, '--passphrase-stdin'], flagged)).code, 0);
  assert.equal((await user.tessera(line, { env: piped, input: '' })).code, 2);
});

test('where no Secret Service runs, the keychain is exit code 5 and says what to use', async (t) => {
  const user = newPairUser(t);
  await user.tessera(['vault', 'add', 'mine', '--kind', 'keychain', '--default']);
  const line = ['register', 'us.nectar.services', '--access-token', 'a', '--refresh-token', 'r'];
  const { code, stderr } = await user.tesseraProcess(line);
  assert.equal(code, 5);
  assert.match(stderr, /no Secret Service runs in this session.*tessera vault add local --kind file/);
});
