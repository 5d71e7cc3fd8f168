/** The system's keychain, against a real Secret Service; and what happens where there is none. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { secret } from '../../../../test/harness/run-folder.ts';
import { keychainVault, type SecretVault } from '../../src/index.ts';
import { refusal, vaultConformance } from './conformance.ts';
import { type SecretService, startSecretService } from './secret-service.ts';
import { temporaryFolder } from './temporary-folder.ts';

let service: SecretService;
before(async () => {
  service = await startSecretService();
  // The keyring's library looks for the bus in the environment of this very process.
  process.env.DBUS_SESSION_BUS_ADDRESS = service.env.DBUS_SESSION_BUS_ADDRESS;
});
after(async () => {
  await service?.stop();
});

let count = 0;

for (const platform of ['linux', 'win32'] as const) {
  vaultConformance('keychain', async (t) => {
    const [sealedFolder, name] = [temporaryFolder(t), `${platform}-${++count}`];
    return () => keychainVault({ name, sealedFolder, platform });
  });
}

test('where entries are short, a long value lies sealed in a file that tells nothing and cannot be exchanged', async (t) => {
  const sealedFolder = temporaryFolder(t);
  const vault: SecretVault = keychainVault({ name: 'sealed', sealedFolder, platform: 'win32' });
  const [one, other] = [secret(`value-one-${'x'.repeat(4000)}`), secret(`value-other-${'y'.repeat(4000)}`)];
  await vault.set('one', one);
  await vault.set('other', other);
  const files = readdirSync(sealedFolder).map((name) => join(sealedFolder, name));
  assert.equal(files.length, 2);
  for (const file of files) assert.doesNotMatch(readFileSync(file, 'latin1'), /value|one|other/);
  assert.deepEqual(await vault.list(), ['one', 'other']);

  const [first = '', second = ''] = files;
  writeFileSync(first, readFileSync(second));
  const results = await Promise.allSettled([vault.get('one'), vault.get('other')]);
  assert.equal(results.filter(({ status }) => status === 'rejected').length, 1);
  for (const result of results) if (result.status === 'rejected') refusal('unavailable')(result.reason);

  await vault.set('one', 'short');
  await vault.delete('other');
  assert.deepEqual(readdirSync(sealedFolder), []);
});

const useOne = `
  import { keychainVault } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
  const vault = keychainVault({ name: 'none', sealedFolder: '/nowhere', platform: 'linux' });
  await vault.set('a', 'value-for-nobody').catch(({ code, message }) => console.log(JSON.stringify({ code, message })));
`;

test('where no Secret Service runs, a value is refused and kept nowhere, with what to do', () => {
  const { DBUS_SESSION_BUS_ADDRESS: _, ...env } = process.env;
  const args = ['--conditions=source', '--input-type=module', '--eval', useOne];
  const { stdout, status } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  assert.equal(status, 0);
  const { code, message } = JSON.parse(stdout) as { code: string; message: string };
  assert.equal(code, 'unavailable');
  assert.match(message, /no Secret Service runs in this session.*tessera vault add local --kind file/);
});
