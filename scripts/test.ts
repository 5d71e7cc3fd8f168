/**
 * Runs every test of the project against real databases: `npm test`, or `npm test -- FILE…` for some.
 *
 * Red when a test fails, when one did not run, and when a log of the run holds a secret that the run used.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCluster } from '../test/harness/cluster.ts';
import { findLeaks } from '../test/harness/run-folder.ts';

const everything = ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'];
const root = fileURLToPath(new URL('..', import.meta.url));
const runFolder = mkdtempSync(join(tmpdir(), 'tessera-run-'));
const unrunFile = join(runFolder, 'unrun.txt');
process.env.TESSERA_TEST_RUN_DIR = runFolder;
// The same sources are started from hundreds of times: what Node makes of them is kept for the run.
process.env.NODE_COMPILE_CACHE = join(runFolder, 'compile-cache');

let tests: ChildProcess | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => tests?.kill(signal) ?? process.exit(1));
}

const given = process.env.TEST_DATABASE_URL;
const cluster = given ? null : await startCluster();

const failures = [...(await runTests(process.argv.slice(2))), ...unrunTests(), ...leakedSecrets()];
await cluster?.stop();
for (const failure of failures) console.error(`✖ ${failure}`);
if (failures.length > 0) {
  console.error(`The logs of this run are in ${runFolder}`);
  process.exitCode = 1;
} else {
  rmSync(runFolder, { recursive: true, force: true });
}

/** Runs node's own test runner, which prints progress and the summary. */
async function runTests(args: string[]): Promise<string[]> {
  const files = args.some((arg) => !arg.startsWith('-')) ? args : [...args, ...everything];
  const options = [
    '--test',
    // One more than there are cores: some of them wait for time to pass.
    `--test-concurrency=${availableParallelism() + 1}`,
    '--test-timeout=240000',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${fileURLToPath(new URL('unrun-reporter.ts', import.meta.url))}`,
    `--test-reporter-destination=${unrunFile}`,
  ];
  tests = spawn(process.execPath, ['--conditions=source', ...options, ...files], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, TEST_DATABASE_URL: given || cluster?.url },
  });
  const [code, signal] = (await once(tests, 'exit')) as [number | null, NodeJS.Signals | null];
  if (signal !== null) return [`the test run was ended by ${signal}`];
  return code === 0 ? [] : [`tests failed (exit code ${code})`];
}

function unrunTests(): string[] {
  const lines = existsSync(unrunFile) ? readFileSync(unrunFile, 'utf8').split('\n').filter(Boolean) : [];
  return lines.map((line) => `did not run: ${line}`);
}

function leakedSecrets(): string[] {
  return findLeaks(runFolder).map(({ file, line, text }) => `a secret in a log: ${file}:${line}: ${text}`);
}
