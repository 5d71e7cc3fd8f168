/** Guarantees of the test command itself: what turns a run red. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tessera-nested-runs-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function runCommand(fixture: string): { status: number | null; output: string } {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TMPDIR: folder,
    TEST_DATABASE_URL: 'postgres://not-used.invalid/x',
  };
  // Nested in a test, yet a run of its own.
  delete env.NODE_TEST_CONTEXT;
  const args = ['scripts/test.ts', `test/harness/fixtures/${fixture}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

test('a run whose tests pass is green and ends with the summary', () => {
  const { status, output } = runCommand('passes.ts');
  assert.equal(status, 0, output);
  assert.match(output, /pass 1\n[\s\S]*duration_ms/);
});

test('a secret in a log turns a run red whose tests all pass, and is not repeated', () => {
  const { status, output } = runCommand('leaks.ts');
  assert.equal(status, 1);
  assert.match(output, /pass 1\n/);
  assert.match(output, /a secret in a log: .*fixture-.*\.log:2: signed in: admin with \[secret\]\./);
  assert.doesNotMatch(output, /correct horse/);
});

test('a failing test turns the run red and tells where the logs are', () => {
  const { status, output } = runCommand('fails.ts');
  assert.equal(status, 1);
  assert.match(output, /The logs of this run are in \S+/);
});

test('a test that did not run turns the run red and is named', () => {
  const { status, output } = runCommand('skips.ts');
  assert.equal(status, 1);
  assert.match(output, /did not run: .*skips\.ts: is left out/);
});

test('a file that is not there turns the run red', () => {
  assert.equal(runCommand('no-such-file.ts').status, 1);
});
