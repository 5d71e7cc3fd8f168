/** What was typed after `npm run bench --`. @module */
import { parseArgs } from 'node:util';

export interface Arguments {
  /** Of the tables to make; none: all. */
  readonly names: readonly string[];
  readonly size: 'full' | 'quick';
  readonly readme: 'kept' | 'written';
}

/** @returns what is asked for, `help`, or what is wrong as a sentence */
export function readArguments(
  args: readonly string[],
  known: readonly string[],
): Arguments | 'help' | { readonly fault: string } {
  const options = {
    quick: { type: 'boolean' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const flags = tokens.filter((token) => token.kind === 'option').map((token) => token.name);
  const names = tokens.filter((token) => token.kind === 'positional').map((token) => token.value);
  if (flags.includes('help')) return 'help';
  const strange = flags.find((flag) => !(flag in options));
  if (strange !== undefined) return { fault: `There is no option ${strange}.` };
  const missing = names.find((name) => !known.includes(name));
  if (missing !== undefined) return { fault: `There is no table ${missing}.` };
  const isPartial = flags.includes('quick') || names.length > 0;
  if (flags.includes('write') && isPartial) return { fault: '--write goes with a full run of all tables.' };
  return {
    names,
    size: flags.includes('quick') ? 'quick' : 'full',
    readme: flags.includes('write') ? 'written' : 'kept',
  };
}
