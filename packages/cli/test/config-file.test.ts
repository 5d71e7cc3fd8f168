/** Guarantees of reading, replacing and locking the configuration file. @module */
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { writeAtomically } from '@tessera/client/files/write-atomically';
import { readConfigFile } from '../src/config/config-file.ts';
import { withLock } from '../src/config/lock.ts';
import { personalityOf } from '../src/program/personality.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-config-'));
  path = join(folder, 'config.yaml');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const context = { personality: personalityOf('ksctl'), platform: 'linux' } as const;

test('a file is private from its first moment, in a folder that is, and nothing is left beside it', () => {
  const deep = join(folder, 'a', 'config.yaml');
  writeAtomically(deep, 'A: 1\n');
  assert.equal(statSync(join(folder, 'a')).mode & 0o777, 0o700);
  assert.equal(statSync(deep).mode & 0o777, 0o600);
  writeAtomically(deep, 'A: 2\n');
  assert.equal(readFileSync(deep, 'utf8'), 'A: 2\n');
  assert.deepEqual(readdirSync(join(folder, 'a')), ['config.yaml']);
});

test('a link to the file stays a link', () => {
  const real = join(folder, 'dotfiles.yaml');
  writeFileSync(real, 'A: 1\n', { mode: 0o600 });
  symlinkSync(real, path);
  writeAtomically(path, 'A: 2\n');
  assert.ok(lstatSync(path).isSymbolicLink());
  assert.equal(readFileSync(real, 'utf8'), 'A: 2\n');
});

test('a write that fails leaves the old text and no temporary file', () => {
  mkdirSync(path);
  assert.throws(() => writeAtomically(path, 'A: 2\n'));
  assert.deepEqual(readdirSync(folder), ['config.yaml']);
});

test('any right of others refuses the file, except where there are no such rights', () => {
  for (const mode of [0o604, 0o640, 0o644, 0o666]) {
    writeFileSync(path, 'A: 1\n');
    chmodSync(path, mode);
    assert.throws(() => readConfigFile(path, context), {
      name: 'LocalError',
      message: `configuration file ${path} can be read by others; run: chmod 600 ${path}`,
    });
    assert.ok(readConfigFile(path, { ...context, platform: 'win32' }));
  }
  chmodSync(path, 0o400);
  assert.ok(readConfigFile(path, context));
});

test('what is no small file is refused at once', () => {
  mkdirSync(path);
  assert.throws(() => readConfigFile(path, context), /is not a file|cannot be opened/);
  rmSync(path, { recursive: true });
  writeFileSync(path, `A: ${'x'.repeat(64 * 1024)}\n`, { mode: 0o600 });
  assert.throws(() => readConfigFile(path, context), /larger than 64 KiB/);
  assert.equal(readConfigFile(join(folder, 'none'), context), null);
});

test('who holds the lock is alone, however many wait', async () => {
  let inside = 0;
  let most = 0;
  const enter = (): Promise<void> =>
    withLock(path, Date.now, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 10 }, enter));
  assert.equal(most, 1);
  assert.deepEqual(readdirSync(folder), []);
});

test('a lock is given back when the work fails', async () => {
  await assert.rejects(
    withLock(path, Date.now, async () => Promise.reject(new Error('x'))),
    { message: 'x' },
  );
  assert.ok(!existsSync(`${path}.lock`));
});

test('a lock whose process number another program has got is no living one', async () => {
  const lock = `${path}.lock`;
  writeFileSync(lock, `${process.pid} ${hostname()} x 1`);
  assert.equal(await withLock(path, Date.now, async () => 'done'), 'done');
});

test('a lock of another machine holds until it is surely abandoned, and of a living process for ever', async () => {
  const lock = `${path}.lock`;
  // A clock that runs a second per look, so that nobody waits a minute.
  const impatient = (): (() => number) => {
    let nowMs = Date.now();
    return () => {
      nowMs += 20_000;
      return nowMs;
    };
  };
  writeFileSync(lock, '1 another-machine.example x\n');
  await assert.rejects(
    withLock(path, impatient(), async () => {}),
    /another login or logout holds/,
  );
  utimesSync(lock, new Date(0), new Date(0));
  await withLock(path, impatient(), async () => {});
  const { hostname } = await import('node:os');
  writeFileSync(lock, `${process.pid} ${hostname()} x\n`);
  utimesSync(lock, new Date(0), new Date(0));
  await assert.rejects(
    withLock(path, impatient(), async () => {}),
    { name: 'LocalError' },
  );
});
