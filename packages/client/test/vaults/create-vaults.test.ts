/** Several vaults under names: their registration, their order, the default, and what unlocks them. @module */
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { secret } from '../../../../test/harness/run-folder.ts';
import { createVaults, memoryVault, Secret, type Vaults } from '../../src/index.ts';
import { refusal } from './conformance.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Home {
  readonly folder: string;
  readonly keyFile: string;
  open(over?: Parameters<typeof createVaults>[0]): Vaults;
}

function newHome(t: TestContext): Home {
  const folder = temporaryFolder(t);
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, secret('k'.repeat(44)), { mode: 0o600 });
  const env = { XDG_RUNTIME_DIR: folder, TESSERA_VAULT_KEY_FILE: keyFile };
  return { folder, keyFile, open: (over = {}) => createVaults({ folder, env, ...over }) };
}

test('at first there is one file vault, the default, made when something is stored', async (t) => {
  const home = newHome(t);
  const vaults = home.open();
  assert.deepEqual(vaults.names(), [{ name: 'local', kind: 'file', options: {}, isDefault: true }]);
  assert.equal(await home.open({ env: {} }).get('nothing'), null);
  assert.deepEqual(readdirSync(home.folder), ['key']);
  await vaults.set('a', secret('value-in-local'));
  assert.equal(await home.open().get('a'), 'value-in-local');
  assert.ok(statSync(join(home.folder, 'vaults', 'local.age')).isFile());
});

test('registrations stay, in order, without secrets; removing one leaves its contents', async (t) => {
  const home = newHome(t);
  await home.open().register({ name: 'env', kind: 'environment', options: {} });
  await home
    .open()
    .register({ name: 'team', kind: 'helper', options: { command: '/usr/bin/keeper', args: '["get"]' } });
  await home.open().setDefault('team');
  assert.deepEqual(
    home
      .open()
      .names()
      .map(({ name, isDefault }) => [name, isDefault]),
    [
      ['local', false],
      ['env', false],
      ['team', true],
    ],
  );
  await home.open().set('a', secret('value-that-stays'), { vault: 'local' });
  await home.open().unregister('local');
  await home.open().unregister('team');
  assert.deepEqual(
    home
      .open()
      .names()
      .map(({ name, isDefault }) => [name, isDefault]),
    [['env', true]],
  );
  await home.open().register({ name: 'local', kind: 'file', options: {} });
  assert.equal(await home.open().get('a'), 'value-that-stays');
  assert.doesNotMatch(readFileSync(join(home.folder, 'vaults.json'), 'utf8'), /value/);
});

test('a name that is taken, unknown or malformed, and options that cannot be, are refused', async (t) => {
  const vaults = newHome(t).open();
  await assert.rejects(vaults.register({ name: 'local', kind: 'file', options: {} }), refusal('exists'));
  await assert.rejects(vaults.unregister('none'), refusal('not_found'));
  await assert.rejects(vaults.setDefault('none'), refusal('not_found'));
  assert.throws(() => vaults.open('none'), refusal('not_found'));
  for (const registration of [
    { name: 'a b', kind: 'file', options: {} },
    { name: 'x'.repeat(65), kind: 'file', options: {} },
    { name: 'a', kind: 'paper', options: {} },
    { name: 'a', kind: 'file', options: { pasword: 'x' } },
    { name: 'a', kind: 'hashicorp', options: {} },
    { name: 'a', kind: 'hashicorp', options: { addr: 'http://vault.example.com' } },
    { name: 'a', kind: 'azure', options: { url: 'vault.azure.net' } },
    { name: 'a', kind: 'helper', options: { command: 'x', args: 'get' } },
    { name: 'a', kind: 'helper', options: { command: 'x', 'team-password': 'y' } },
  ]) {
    await assert.rejects(vaults.register(registration), TypeError, JSON.stringify(registration));
  }
});

test('of ten registrations at once none is lost', async (t) => {
  const home = newHome(t);
  const names = Array.from({ length: 10 }, (_, index) => `v${index}`);
  await Promise.all(names.map((name) => home.open().register({ name, kind: 'environment', options: {} })));
  assert.deepEqual(
    home
      .open()
      .names()
      .map(({ name }) => name)
      .toSorted(),
    ['local', ...names],
  );
});

test('a damaged vaults.json is said and left alone', async (t) => {
  const home = newHome(t);
  const path = join(home.folder, 'vaults.json');
  for (const text of [
    '',
    '{',
    '[]',
    '{"v":2,"vaults":[]}',
    '{"v":1,"default":"x","vaults":[]}',
    '{"v":1,"vaults":[{"name":"a"}]}',
  ]) {
    writeFileSync(path, text);
    assert.throws(() => home.open().names(), refusal('unavailable'));
    await assert.rejects(home.open().unregister('local'), refusal('unavailable'));
    assert.equal(readFileSync(path, 'utf8'), text);
  }
});

test('reading asks the default first, then the others in order; writing goes to the default or where it is told', async () => {
  const [one, two, three] = [
    memoryVault({ name: 'one' }),
    memoryVault({ name: 'two' }),
    memoryVault({ name: 'three' }),
  ];
  const vaults = createVaults({ vaults: [one, two, three] });
  await three.set('a', 'of three');
  await two.set('a', 'of two');
  assert.equal((await vaults.find('a'))?.vault.name, 'two');
  await vaults.setDefault('three');
  assert.equal(await vaults.get('a'), 'of three');
  assert.equal((await vaults.set('a', 'of default')).name, 'three');
  assert.equal((await vaults.set('a', 'of one', { vault: 'one' })).name, 'one');
  assert.equal((await vaults.find('a', 'two'))?.value, 'of two');
  await assert.rejects(vaults.set('a', 'x', { noClobber: true }), refusal('exists'));
  assert.equal(await vaults.get('b'), null);
});

test('where nobody can be asked and nothing opens it, a file vault is locked, and says what would open it', async (t) => {
  const home = newHome(t);
  const locked = home.open({ env: { XDG_RUNTIME_DIR: home.folder } });
  await assert.rejects(locked.set('a', 'value-a'), (error: Error) => {
    assert.match(error.message, /TESSERA_VAULT_KEY_FILE.*TESSERA_VAULT_PASSPHRASE_FILE/);
    return refusal('locked')(error);
  });
  await home.open().set('a', 'value-a');
  await assert.rejects(locked.get('a'), refusal('locked'));
});

test('an unlocked vault asks nobody until its minutes are over, and its key is kept where only its user reads', async (t) => {
  const home = newHome(t);
  const asked: string[] = [];
  let nowMs = Date.now();
  const open = (passphrase: string | null): Vaults =>
    home.open({
      env: { XDG_RUNTIME_DIR: home.folder },
      nowMs: () => nowMs,
      ask: async (vault, occasion) => {
        asked.push(`${vault} ${occasion}`);
        return passphrase === null ? null : new Secret(passphrase);
      },
    });
  await open(secret('a long passphrase')).set('a', secret('value-behind-it'));
  await assert.rejects(open('another passphrase').unlock(null, 15), refusal('denied'));
  await open('a long passphrase').unlock(null, 15);
  assert.deepEqual(asked, ['local new', 'local open', 'local open']);
  const [kept = ''] = readdirSync(join(home.folder, 'tessera'));
  assert.equal(statSync(join(home.folder, 'tessera', kept)).mode & 0o777, 0o600);
  assert.equal(await open(null).get('a'), 'value-behind-it');
  await open(null).set('b', 'value-b');
  nowMs += 15 * 60_000;
  await assert.rejects(open(null).get('a'), refusal('locked'));
  assert.deepEqual(readdirSync(join(home.folder, 'tessera')), []);
  await open('a long passphrase').unlock('local', 15);
  await open(null).unlock('local', 0);
  await assert.rejects(open(null).get('a'), refusal('locked'));
});

test('a key in a folder that others can write to is not taken, not even for a new vault', async (t) => {
  const home = newHome(t);
  const env = { XDG_RUNTIME_DIR: home.folder };
  const unlocked = home.open({ env, ask: async () => new Secret(secret('a passphrase of mine')) });
  await unlocked.set('a', 'value-a');
  await unlocked.unlock(null, 15);
  chmodSync(join(home.folder, 'tessera'), 0o777);
  await assert.rejects(home.open({ env }).get('a'), refusal('locked'));
  rmSync(join(home.folder, 'vaults'), { recursive: true });
  await assert.rejects(home.open({ env }).set('a', 'value-b'), refusal('locked'));
  await assert.rejects(unlocked.unlock(null, 15), refusal('not_found'));
  await unlocked.set('a', 'value-a');
  await assert.rejects(unlocked.unlock(null, 15), refusal('denied'));
});
