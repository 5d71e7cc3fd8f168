/** The token a command is about: a word, or standard input. @module */
import type { Context } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';
import { type Flag, textFlag } from '../program/flag.ts';
import { readAll } from '../terminal/read-all.ts';

export const tokenWord: Flag<string | null> = textFlag('the token; "-" or nothing: from standard input', {
  placeholder: 'TOKEN|-',
});

/** @throws {UsageError} nothing there */
export async function readToken(word: string | null, { stdin }: Context): Promise<string> {
  const text = word === null || word === '-' ? (await readAll(stdin)).toString('utf8') : word;
  const token = text.trim();
  if (token === '') throw new UsageError('there is no token: give one as a word, or on standard input');
  return token;
}

/** Standard input can be one thing only. */
export function isFromStdin(word: string | null): boolean {
  return word === null || word === '-';
}
