/** Reads the flags of a command whose file is loaded. @module */
import { UsageError } from './errors.ts';
import type { Flags } from './flag.ts';
import { scan } from './scan.ts';

/**
 * @returns the values given, by long name; the last one wins
 * @throws {UsageError} `unknown flag: --x`, or words that belong to no command. Words are not repeated: one may be a
 * password after a stray space.
 */
export function readFlags(args: readonly string[], flags: Flags): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let words = 0;
  for (const token of scan(args, flags)) {
    if (token.kind === 'unknown') throw new UsageError(`unknown flag: ${token.typed}`);
    if (token.kind === 'word') words += 1;
    else texts.set(token.name, token.text);
  }
  if (words > 0)
    throw new UsageError('this command takes flags only, and there is a word that belongs to none');
  return texts;
}
