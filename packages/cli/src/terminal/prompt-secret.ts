/** Asks for a secret on the terminal, without echo. @module */
import { StringDecoder } from 'node:string_decoder';
import { Secret } from '@tessera/client';
import type { Context, InputStream } from '../program/context.ts';
import { InterruptedError, UsageError } from '../program/errors.ts';

/**
 * The question goes to standard error: standard output is for what a command answers.
 *
 * @param question printed as it is: `password: `
 * @param advice what to do where nobody can be asked
 * @throws {UsageError} standard input is no terminal @throws {InterruptedError} Ctrl-C, or Ctrl-D on an empty line
 */
export async function promptSecret(question: string, advice: string, context: Context): Promise<Secret> {
  const { stdin, stderr } = context;
  if (stdin.isTTY !== true)
    throw new UsageError(`cannot ask for the ${question.split(':')[0]} without a terminal; ${advice}`);
  // Echo goes off first: whoever sees the question may answer at once.
  stdin.setRawMode?.(true);
  stderr.write(question);
  try {
    return new Secret(await readHiddenLine(stdin));
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause();
    stderr.write('\n');
  }
}

/** In raw mode the terminal edits nothing, so erasing is done here; a pasted escape sequence is taken as it comes. */
async function readHiddenLine(stdin: InputStream): Promise<string> {
  const decoder = new StringDecoder('utf8');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let line: string[] = [];
  const onKey = (key: string): void => {
    if (key === '\r' || key === '\n') resolve(line.join(''));
    else if (key === '\u0003' || (key === '\u0004' && line.length === 0))
      reject(new InterruptedError('interrupted'));
    else if (key === '\u007f' || key === '\b') line.pop();
    else if (key === '\u0015') line = [];
    else if (key !== '\u0004') line.push(key);
  };
  const onData = (chunk: Buffer | string): void => {
    for (const key of decoder.write(chunk as Buffer)) onKey(key);
  };
  const onEnd = (): void => reject(new InterruptedError('the terminal was closed'));
  stdin.on('data', onData).on('end', onEnd).resume();
  return promise.finally(() => stdin.off('data', onData).off('end', onEnd));
}
