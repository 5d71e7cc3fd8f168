/** The guide's table of PowerShell commands: every line of `tessera` in it, run in a shell as it stands there. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createVaults } from '@tessera/client';
import { openTerminal, type Terminal } from '../../../test/documents/terminal.ts';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { generatePair } from './pair-user.ts';

const guide = readFileSync(new URL('../../../docs/guides/secret-vaults.md', import.meta.url), 'utf8');
const table = /^## From PowerShell\n\n(?<rows>(?:\|.*\n)+)/m.exec(guide)?.groups?.rows ?? '';
const lines = table
  .split('\n')
  .slice(2)
  .flatMap((row) =>
    [...(row.split(' | ')[1] ?? '').matchAll(/`(tessera [^`]+)`/g)].map(([, line = '']) => line),
  );

let server: Server;
let terminal: Terminal;
let env: Record<string, string>;
before(async () => {
  server = await startServer();
  terminal = openTerminal();
  const pair = await generatePair(server, 'table');
  const keyFile = join(terminal.home, 'vault.key');
  writeFileSync(keyFile, secret('k'.repeat(44)), { mode: 0o600 });
  env = {
    ...terminal.env,
    TESSERA_VAULT_KEY_FILE: keyFile,
    XDG_RUNTIME_DIR: terminal.home,
    TESSERA_PASSWORD: server.adminPassword,
    F: server.url,
    A: pair.accessToken,
    R: pair.refreshToken,
  };
  const vaults = createVaults({ folder: join(terminal.home, '.tessera'), env });
  await vaults.set('nectar-admin', JSON.stringify({ userName: 'admin', password: server.adminPassword }));
});
after(async () => {
  terminal?.close();
  await server?.stop();
});

test('there is a line for every command of the original that has one', () => {
  assert.equal(lines.length, 12, lines.join('\n'));
});

for (const line of lines) {
  test(line, () => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', terminal.script(line)], {
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.notEqual(stdout, '');
  });
}
