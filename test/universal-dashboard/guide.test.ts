/** The guide "protect your API in five minutes", run as it stands. @module */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newLogFile, secret } from '../harness/run-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = readFileSync(join(root, 'docs/guides/protect-your-api.md'), 'utf8');

/** Fenced blocks of a language, without the fences. */
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block);

test('its programs print what the guide says', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-guide-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const block of blocks('ts')) {
    const name = /^\/\/ (\S+)\n/.exec(block)?.[1];
    assert.ok(name !== undefined, 'each program says its name');
    writeFileSync(join(folder, name), block);
  }
  const port = String(await freePort());
  const env = {
    PATH: process.env.PATH,
    PORT: port,
    SIGNING_KEY: secret(randomBytes(32).toString('base64url')),
  };
  const log = openSync(newLogFile('guide'), 'a');
  const run = (file: string, stdout: 'pipe' | number) =>
    spawn(process.execPath, ['--conditions=source', file], {
      cwd: folder,
      env,
      stdio: ['ignore', stdout, log],
    });

  const server = run('server.ts', log);
  t.after(() => server.kill());
  await untilListening(Number(port));
  const ask = run('ask.ts', 'pipe');
  assert.ok(ask.stdout !== null);
  assert.equal(await text(ask.stdout), blocks('text')[0]);
});

/** Below the ports that a system gives away by itself: nobody is given it before the guide's server listens. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const isThere = await fetch(`http://localhost:${port}/`).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await pause(50);
  }
  throw new Error('the guide’s server does not listen');
}
