/** Starts an external program for one operation: a JSON object in, a JSON object out. @module */
import type { ChildProcess } from 'node:child_process';

/** Of what goes in and of what comes out. */
export const maximumHelperBytes: number = 1024 * 1024;

export interface HelperProgram {
  /** Started without a shell. */
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** Takes what the program prints on its standard error, unparsed. */
  readonly stderr: NodeJS.WritableStream;
}

/** What went wrong with the program itself. */
export class HelperFault extends Error {
  override readonly name: 'HelperFault' = 'HelperFault';
}

/**
 * @param request goes to standard input alone, never into arguments or the environment
 * @returns what the program printed
 * @throws {HelperFault} it could not be started, took too long, printed too much, or ended with another code than 0
 */
export async function runHelper(program: HelperProgram, request: object): Promise<string> {
  const child = start(program);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (reason: string): void => reject(new HelperFault(reason));
  const timer = setTimeout(
    () => fail(`did not answer within ${program.timeoutMs / 1000} seconds`),
    program.timeoutMs,
  );
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maximumHelperBytes) fail('printed more than 1 MiB');
  });
  child.stderr?.on('data', (chunk: Buffer) => program.stderr.write(chunk));
  child.on('error', (error: NodeJS.ErrnoException) => fail(`cannot be started (${error.code})`));
  child.on('close', (code, signal) => {
    if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
    else fail(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
  });
  // A program that has no need of its input may close it.
  child.stdin?.on('error', () => {});
  child.stdin?.end(`${JSON.stringify(request)}\n`);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    end(child);
  }
}

/** In this process's own session: a program that has to ask somebody finds the terminal. */
function start({ command, args }: HelperProgram): ChildProcess {
  // Loaded when a helper is used: reading it takes longer than what most commands do.
  const { spawn } = process.getBuiltinModule('node:child_process');
  return spawn(command, args, { stdio: 'pipe', windowsHide: true });
}

/** What the program has started may still hold its streams open, and with them this process. */
function end(child: ChildProcess): void {
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
}
