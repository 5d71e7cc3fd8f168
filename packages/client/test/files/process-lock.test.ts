/** A lock between processes: each of many is alone, and none waits for the dead. @module */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LockError, withProcessLock } from '../../src/files/process-lock.ts';
import { temporaryFolder } from '../vaults/temporary-folder.ts';

const counting = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { withProcessLock } from ${JSON.stringify(new URL('../../src/files/process-lock.ts', import.meta.url).href)};
  const [lock, counter, then] = process.argv.slice(1);
  for (let turn = 0; turn < 5; turn += 1)
    await withProcessLock(lock, { waitMs: 60_000, nowMs: Date.now }, async () => {
      const count = Number(readFileSync(counter, 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 3));
      if (then === 'die' && turn === 2) process.kill(process.pid, 'SIGKILL');
      writeFileSync(counter, String(count + 1));
    });
`;

function count(lock: string, counter: string, then: 'end' | 'die'): Promise<unknown> {
  const args = ['--input-type=module', '--eval', counting, lock, counter, then];
  return once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
}

test('of many processes that wait for a dead holder, and for some that die holding it, each is alone', async (t) => {
  const folder = temporaryFolder(t);
  const [lock, counter] = [join(folder, 'x.lock'), join(folder, 'counter')];
  writeFileSync(counter, '0');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(lock, `${dead} ${hostname()} x 1`);
  const ends = ['end', 'die', 'end', 'end', 'die', 'end'] as const;
  await Promise.all(ends.map((then) => count(lock, counter, then)));
  assert.equal(readFileSync(counter, 'utf8'), String(4 * 5 + 2 * 2));
  if (existsSync(lock)) await withProcessLock(lock, { waitMs: 10_000, nowMs: Date.now }, async () => {});
  assert.deepEqual(
    readdirSync(folder).filter((name) => !/\.lock\.\d+\./.test(name)),
    ['counter'],
  );
});

test('a living holder is waited for as long as is said, and then named', async (t) => {
  const lock = join(temporaryFolder(t), 'x.lock');
  await withProcessLock(lock, { waitMs: 0, nowMs: Date.now }, async () => {
    const second = withProcessLock(lock, { waitMs: 100, nowMs: Date.now }, async () => {});
    await assert.rejects(
      second,
      (error) => error instanceof LockError && error.reason === 'held' && error.path === lock,
    );
  });
  assert.ok(!existsSync(lock));
});
