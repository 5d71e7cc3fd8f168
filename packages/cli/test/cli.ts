/** Runs the command line: within the test, with streams that the test holds, or as a process of its own. @module */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runFolder } from '../../../test/harness/run-folder.ts';
import type { Context, InputStream } from '../src/program/context.ts';
import { personalityOf } from '../src/program/personality.ts';
import { reportFailure } from '../src/program/report-failure.ts';
import { runProgram } from '../src/program/run-program.ts';

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user with a home directory of their own, removed when the test ends. */
export interface User {
  readonly home: string;
  /** Runs within this process; the first word is the program's name. */
  run(line: readonly string[], given?: Given): Promise<Result>;
  /** Runs as a process, through the launcher. */
  spawn(line: readonly string[], given?: Given): Promise<Result>;
}

export interface Given {
  readonly env?: Readonly<Record<string, string>>;
  /** What comes through a pipe; left out: nothing. */
  readonly input?: string;
  /** What is typed at a terminal, a chunk at a time; given: all three streams are terminals. */
  readonly typed?: readonly Typed[];
}

/** Keys, or what to type after reading all that standard error shows so far. */
export type Typed = string | ((seen: string) => string);

export function newUser(t: Pick<TestContext, 'after'>): User {
  const home = mkdtempSync(join(tmpdir(), 'tessera-cli-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return {
    home,
    run: ([program = '', ...args], given = {}) => runHere(home, program, args, given),
    spawn: ([program = '', ...args], given = {}) => runAsProcess(home, program, args, given),
  };
}

async function runHere(home: string, program: string, args: string[], given: Given): Promise<Result> {
  const stdout = new Collector(given.typed !== undefined);
  const stderr = new Collector(given.typed !== undefined);
  const context: Context = {
    personality: personalityOf(program),
    env: given.env ?? {},
    home,
    platform: process.platform,
    stdin: given.typed === undefined ? pipeOf(given.input ?? '') : terminalOf(given.typed, () => stderr.text),
    stdout,
    stderr,
    nowMs: Date.now,
  };
  let code = 0;
  try {
    await runProgram(args, context);
  } catch (error) {
    code = reportFailure(error, context);
  }
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Collector extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function pipeOf(input: string): InputStream {
  const pipe = new PassThrough();
  pipe.end(input);
  return pipe;
}

/** Types when the echo is off, which has to be before the question is seen. */
function terminalOf(typed: readonly Typed[], seen: () => string): InputStream {
  const stream = new PassThrough();
  const waiting = [...typed];
  const setRawMode = (mode: boolean): void => {
    if (!mode) return;
    if (seen().endsWith(': ')) throw new Error('the question was seen while the terminal still echoed');
    for (const chunk of waiting.splice(0, 1))
      setImmediate(() => stream.write(typeof chunk === 'string' ? chunk : chunk(seen())));
  };
  return Object.assign(stream, { isTTY: true, setRawMode });
}

const launchers: Readonly<Record<string, string>> = {
  tessera: fileURLToPath(new URL('../bin/tessera.js', import.meta.url)),
  ksctl: fileURLToPath(new URL('../bin/ksctl.js', import.meta.url)),
};

/** Of all processes of a run: most of a start from source is reading the same sources. */
const compileCache = join(runFolder(), 'compile-cache');

async function runAsProcess(home: string, program: string, args: string[], given: Given): Promise<Result> {
  const child = spawn(process.execPath, ['--conditions=source', launchers[program] ?? program, ...args], {
    env: { PATH: process.env.PATH, HOME: home, NODE_COMPILE_CACHE: compileCache, ...given.env },
    stdio: 'pipe',
  });
  child.stdin.on('error', () => {});
  child.stdin.end(given.input ?? '');
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
