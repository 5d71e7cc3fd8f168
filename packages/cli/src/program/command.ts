/** A command: its flags, examples of its use, and what it does with the options read from them. @module */
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';
import type { Flags, OptionsOf } from './flag.ts';
import type { GlobalOptions } from './global-flags.ts';
import type { Personality } from './personality.ts';

/** One use of the program, apart from the command's own options. */
export interface Invocation {
  readonly context: Context;
  readonly globals: GlobalOptions;
}

export interface Command {
  readonly flags: Flags;
  /** Lines as they are typed. */
  readonly examples: (personality: Personality) => readonly string[];
  /** @param texts the values given, by the flag's long name */
  readonly run: (texts: ReadonlyMap<string, string>, invocation: Invocation) => Promise<void>;
}

export interface CommandDefinition<F extends Flags> {
  readonly flags: F;
  readonly examples: Command['examples'];
  readonly run: (options: OptionsOf<F>, invocation: Invocation) => Promise<void>;
}

export function defineCommand<const F extends Flags>(definition: CommandDefinition<F>): Command {
  return {
    flags: definition.flags,
    examples: definition.examples,
    run: (texts, invocation) => definition.run(readOptions(definition.flags, texts), invocation),
  };
}

/** @throws {UsageError} a value its flag does not take, or a required flag missing */
export function readOptions<F extends Flags>(flags: F, texts: ReadonlyMap<string, string>): OptionsOf<F> {
  const missing = Object.keys(flags).filter((name) => flags[name]?.need === 'required' && !texts.get(name));
  if (missing.length > 0) throw new UsageError(`required: ${missing.map((name) => `--${name}`).join(', ')}`);
  const values = Object.entries(flags).map(([name, flag]) => [
    name,
    flag.read(texts.get(name) ?? null, `--${name}`),
  ]);
  return Object.fromEntries(values) as OptionsOf<F>;
}
