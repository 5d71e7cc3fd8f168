/** The example in `examples/call-an-api`, as its reader runs it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dialectOf } from '../ciphertrust/dialect.ts';
import { type Server, startServer } from '../harness/server.ts';

const program = fileURLToPath(new URL('../../examples/call-an-api/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tessera-example-'));
let server: Server;
before(async () => {
  server = await startServer();
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function runExample(file: string): Promise<readonly [code: number, stdout: string, stderr: string]> {
  const args = ['--conditions=source', program, server.url, file];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return [code, stdout, stderr];
}

test('the example calls with a kept refresh token, twice, and keeps its successor each time', async () => {
  const { refreshToken } = await dialectOf(() => server).grant();
  const file = join(folder, 'refresh-token');
  writeFileSync(file, refreshToken, { mode: 0o600 });
  const seen = [refreshToken];
  for (let run = 0; run < 2; run++) {
    const [code, stdout, stderr] = await runExample(file);
    assert.deepEqual([code, stdout], [0, 'admin may act in 1 domain(s)\n'], stderr);
    const kept = readFileSync(file, 'utf8').trim();
    assert.ok(!seen.includes(kept));
    seen.push(kept);
    assert.ok(seen.every((secret) => !stderr.includes(secret)));
  }
});

test('a refresh token that is not the server’s: said plainly, with exit code 1', async () => {
  const file = join(folder, 'wrong');
  writeFileSync(file, 'x'.repeat(64), { mode: 0o600 });
  const [code, stdout, stderr] = await runExample(file);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^login_required: A login is required: the refresh token was refused\./m);
});
