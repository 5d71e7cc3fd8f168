/**
 * A fenced block `console`: commands and what they print.
 *
 * ````
 * ```console
 * $ ksctl login --user admin --password {{admin.password}} --url {{url}}
 * this login will expire in 30 days
 * $ ksctl logout
 * login revoked
 * $ ksctl logout
 * [stderr] login token and client id must exist in ksctl configuration file
 * [exit 1]
 * ```
 * ````
 *
 * A line that begins with `$ ` is a command for the shell, one ending with `\` goes on in the next. The lines after it
 * are its stdout; those marked `[stderr]` its stderr; the exit code is 0 unless `[exit N]` is written. Exported
 * variables live as long as the document.
 * @module
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type Captures, fill, matches } from './template.ts';
import type { Terminal } from './terminal.ts';

interface Step {
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/**
 * Types the block's commands one after another and compares what they print, up to the first that differs.
 *
 * @returns every difference, none when the document is right
 */
export async function runSession(block: string, terminal: Terminal, captures: Captures): Promise<string[]> {
  for (const step of readSteps(block)) {
    const found = await runStep(step, terminal, captures);
    if (found.length > 0) return found;
  }
  return [];
}

async function runStep(step: Step, terminal: Terminal, captures: Captures): Promise<string[]> {
  const shell = spawn('sh', ['-c', terminal.script(fill(step.command, captures))], {
    cwd: terminal.home,
    env: terminal.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exit]] = await Promise.all([
    text(shell.stdout),
    text(shell.stderr),
    once(shell, 'close'),
  ]);
  const printed = `\n  stdout: ${stdout}\n  stderr: ${stderr}`;
  return [
    ...(exit === step.exit ? [] : [`$ ${step.command}: expected exit ${step.exit}, got ${exit}${printed}`]),
    ...(matches(step.stdout, stdout.trimEnd(), captures)
      ? []
      : [`$ ${step.command}: stdout is not as written${printed}`]),
    ...(matches(step.stderr, stderr.trimEnd(), captures)
      ? []
      : [`$ ${step.command}: stderr is not as written${printed}`]),
  ];
}

function readSteps(block: string): Step[] {
  const joined = block.replaceAll('\\\n', '');
  if (!joined.startsWith('$ ')) throw new Error('a console block begins with "$ " and a command');
  return joined
    .slice(2)
    .split(/^\$ /m)
    .map((step) => {
      const [command = '', ...lines] = step.trimEnd().split('\n');
      const exit = lines.map((line) => /^\[exit (\d+)\]$/.exec(line)?.[1]).find((code) => code !== undefined);
      return { command, exit: Number(exit ?? 0), ...outputOf(lines) };
    });
}

function outputOf(lines: string[]): { stdout: string; stderr: string } {
  const mark = '[stderr] ';
  return {
    stdout: lines.filter((line) => !/^\[(?:stderr\]|exit \d)/.test(line)).join('\n'),
    stderr: lines
      .filter((line) => line.startsWith(mark))
      .map((line) => line.slice(mark.length))
      .join('\n'),
  };
}
