/** Reads the flags of a command whose file is loaded. @module */
import { UsageError } from './errors.ts';
import type { Flags } from './flag.ts';
import { scan } from './scan.ts';

/**
 * @param words options given as words, in this order
 * @returns the values given, by long name; the last one wins, unless the flag keeps all
 * @throws {UsageError} `unknown flag: --x`, or a word too many. Words are not repeated: one may be a password after a
 * stray space.
 */
export function readFlags(
  args: readonly string[],
  flags: Flags,
  words: Flags = {},
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const names = Object.keys(words);
  for (const token of scan(args, flags)) {
    if (token.kind === 'unknown') throw new UsageError(`unknown flag: ${token.typed}`);
    const name = token.kind === 'word' ? names.shift() : token.name;
    if (name === undefined) throw new UsageError(tooMany(words));
    const before = flags[name]?.repeated === 'all' ? texts.get(name) : undefined;
    texts.set(name, before === undefined ? token.text : `${before}\0${token.text}`);
  }
  return texts;
}

function tooMany(words: Flags): string {
  const taken = Object.values(words).map(({ placeholder }) => placeholder);
  if (taken.length === 0) return 'this command takes flags only, and there is a word that belongs to none';
  return `this command takes no more words than ${taken.join(' ')}`;
}
