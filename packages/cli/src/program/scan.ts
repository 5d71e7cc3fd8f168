/**
 * Splits typed arguments into words and flags.
 *
 * Done here and not by an argument-parsing library: the command has to be found among flags that may stand before it,
 * its file is loaded only then, and the messages are fixed word by word, so little would be left for one to do.
 * @module
 */
import { UsageError } from './errors.ts';
import type { Flag, Flags } from './flag.ts';

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly index: number }
  | { readonly kind: 'flag'; readonly name: string; readonly text: string }
  /** `typed` ends before any value, which may be a secret. */
  | { readonly kind: 'unknown'; readonly typed: string };

/** Hyphens and dashes as typesetting puts them where somebody typed `-`. */
const typographicDash = /^-*[\u2010-\u2015\u2212][-\u2010-\u2015\u2212]*/;

/** @throws {UsageError} a flag at the end lacks its value */
export function* scan(args: readonly string[], flags: Flags): Generator<Token> {
  const names = longNames(flags);
  // What is left of switches that share a dash: `-yu` is read as `-y`, then as `-u`.
  let sharing = '';
  for (let index = 0; index < args.length; index += sharing === '' ? 1 : 0) {
    const arg = sharing || plain(args[index] ?? '', names, flags);
    sharing = '';
    if (args[index] === '--') {
      for (let rest = index + 1; rest < args.length; rest += 1) yield word(args[rest] ?? '', rest);
      return;
    }
    if (arg === '-' || !arg.startsWith('-')) {
      yield word(arg, index);
      continue;
    }
    const found = arg.startsWith('--') ? readLong(arg, names) : readShort(arg, flags);
    if (found === null) {
      yield { kind: 'unknown', typed: arg.startsWith('--') ? untilEquals(arg) : arg.slice(0, 2) };
      continue;
    }
    if (found.text === null) index += 1;
    const text = found.text ?? args[index];
    if (text === undefined) throw new UsageError(`flag needs a value: --${found.name}`);
    yield { kind: 'flag', name: found.name, text };
    sharing = found.more === '' ? '' : `-${found.more}`;
  }
}

const word = (text: string, index: number): Token => ({ kind: 'word', text, index });

interface Found {
  readonly name: string;
  /** Null: the value is the next argument. */
  readonly text: string | null;
  /** Switches that follow in the same argument. */
  readonly more: string;
}

function readLong(arg: string, names: LongNames): Found | null {
  const typed = untilEquals(arg);
  const named = names.get(typed.slice(2));
  if (named === undefined) return null;
  const text = typed.length < arg.length ? arg.slice(typed.length + 1) : impliedText(named.flag);
  return { name: named.name, text, more: '' };
}

function readShort(arg: string, flags: Flags): Found | null {
  const entry = Object.entries(flags).find(([, { short }]) => short === arg.charAt(1));
  if (entry === undefined) return null;
  const [name, flag] = entry;
  if (flag.placeholder === null) return { name, text: 'true', more: arg.slice(2) };
  return { name, text: arg.length > 2 ? arg.slice(2).replace(/^=/, '') : null, more: '' };
}

const impliedText = (flag: Flag): string | null => (flag.placeholder === null ? 'true' : null);

const untilEquals = (arg: string): string => arg.split('=', 1)[0] ?? '';

type LongNames = ReadonlyMap<string, { readonly name: string; readonly flag: Flag }>;

function longNames(flags: Flags): LongNames {
  return new Map(
    Object.entries(flags).flatMap(([name, flag]) =>
      [name, ...flag.aliases].map((long) => [long, { name, flag }] as const),
    ),
  );
}

/** Lines copied from a page may carry an en dash for a hyphen: `–-user` is read as `--user`, if there is such a flag. */
function plain(arg: string, names: LongNames, flags: Flags): string {
  const dashes = typographicDash.exec(arg)?.[0];
  if (dashes === undefined) return arg;
  const rest = arg.slice(dashes.length);
  if (names.has(untilEquals(rest))) return `--${rest}`;
  const isShort = Object.values(flags).some(({ short }) => short !== null && short === rest);
  return isShort ? `-${rest}` : arg;
}
