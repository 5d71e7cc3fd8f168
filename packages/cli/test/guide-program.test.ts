/** The program in the guide of the vaults, run as it stands there but for the host. @module */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../../test/harness/server.ts';
import { generatePair, hostOf, newPairUser } from './pair-user.ts';

const root = new URL('../../../', import.meta.url);
const guide = readFileSync(new URL('docs/guides/secret-vaults.md', root), 'utf8');
const program = /^```ts\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? '';

test('it registers, connects and calls', async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  const user = newPairUser(t);
  const { accessToken, refreshToken } = await generatePair(server, 'guide');
  const given = `const { accessToken, refreshToken } = process.env;\n`;
  const source = given + program.replaceAll('us.nectar.services', hostOf(server));
  const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '--eval', source], {
    cwd: fileURLToPath(root),
    env: { PATH: process.env.PATH, HOME: user.home, ...user.env, accessToken, refreshToken },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.deepEqual([code, printed], [0, 'admin 200\n']);
  assert.equal((await user.stored(`${hostOf(server)}-nightly-accesstoken`))?.accessToken, accessToken);
});
