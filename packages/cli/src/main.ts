/** The program as a process: what it is given, what it ends with. @module */
import { homedir } from 'node:os';
import type { Context } from './program/context.ts';
import { personalityOf } from './program/personality.ts';
import { runProgram } from './program/run-program.ts';

const context: Context = {
  personality: personalityOf(process.argv[1] ?? ''),
  env: process.env,
  home: homedir(),
  platform: process.platform,
  // Looked up when a command needs it: opening standard input takes time and may hold a terminal.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  nowMs: Date.now,
};

// Whoever read our output has seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await runProgram(process.argv.slice(2), context);
} catch (error) {
  const { reportFailure } = await import('./program/report-failure.ts');
  process.exitCode = reportFailure(error, context);
}
