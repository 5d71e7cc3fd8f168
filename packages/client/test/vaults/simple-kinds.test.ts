/** The kinds of vault that need nothing beside this machine: memory, file, helper; and the environment. @module */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { secret } from '../../../../test/harness/run-folder.ts';
import { environmentVault, fileVault, helperVault, memoryVault, Secret } from '../../src/index.ts';
import { refusal, vaultConformance } from './conformance.ts';
import { temporaryFolder } from './temporary-folder.ts';

vaultConformance('memory', async () => {
  const vault = memoryVault({ name: 'mine' });
  return () => vault;
});

const key = { kind: 'bytes', text: new Secret(secret(Buffer.alloc(32, 7).toString('base64'))) } as const;

vaultConformance('file', async (t) => {
  const path = join(temporaryFolder(t), 'vaults', 'local.age');
  return () => fileVault({ name: 'local', path, unlock: key });
});

vaultConformance('helper', async (t) => {
  const script = fileURLToPath(new URL('json-store-helper.mjs', import.meta.url));
  const options = { store: join(temporaryFolder(t), 'store.json') };
  return () =>
    helperVault({
      name: 'team',
      command: process.execPath,
      args: [script],
      options,
      timeoutMs: 30_000,
      stderr: process.stderr,
    });
});

test('the environment is read by upper-case names, and never written', async () => {
  const env = { TESSERA_SECRET_US_NECTAR_SERVICES_ACCESSTOKEN: secret('value-in-variable'), OTHER: 'x' };
  const vault = environmentVault({ name: 'env', env });
  assert.equal(await vault.get('us.nectar.services-accesstoken'), 'value-in-variable');
  assert.equal(await vault.get('other'), null);
  assert.deepEqual(await vault.list(), ['US_NECTAR_SERVICES_ACCESSTOKEN']);
  assert.equal(vault.writable, false);
  await assert.rejects(vault.set('a', 'value-b'), refusal('read_only'));
  await assert.rejects(vault.delete('a'), refusal('read_only'));
  await assert.rejects(async () => vault.prepareWrite?.('a'), refusal('read_only'));
});
