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

/** What a command takes, and what it does. */
export interface Action {
  readonly flags: Flags;
  /** Options given as words after the command, in this order. */
  readonly words: Flags;
  /** @param texts the values given, by the option's long name */
  readonly run: (texts: ReadonlyMap<string, string>, invocation: Invocation) => Promise<void>;
}

export interface Command extends Action {
  /** Lines as they are typed. */
  readonly examples: (personality: Personality) => readonly string[];
}

export interface ActionDefinition<F extends Flags, W extends Flags> {
  readonly flags: F;
  readonly words?: W;
  readonly run: (options: OptionsOf<F> & OptionsOf<W>, invocation: Invocation) => Promise<void>;
}

export function defineAction<const F extends Flags, const W extends Flags = Record<never, never>>(
  definition: ActionDefinition<F, W>,
): Action {
  const { flags, words = {} as W, run } = definition;
  return {
    flags,
    words,
    run: (texts, invocation) =>
      run({ ...readOptions(flags, texts, dashed), ...readOptions(words, texts, named(words)) }, invocation),
  };
}

export function defineCommand<const F extends Flags, const W extends Flags = Record<never, never>>(
  definition: ActionDefinition<F, W> & Pick<Command, 'examples'>,
): Command {
  return { ...defineAction(definition), examples: definition.examples };
}

/** What an option is called in a message. */
type Naming = (name: string) => string;

export const dashed: Naming = (name) => `--${name}`;

const named =
  (words: Flags): Naming =>
  (name) =>
    words[name]?.placeholder ?? name;

/** @throws {UsageError} a value its flag does not take, or a required flag missing */
export function readOptions<F extends Flags>(
  flags: F,
  texts: ReadonlyMap<string, string>,
  naming: Naming,
): OptionsOf<F> {
  const missing = Object.keys(flags).filter((name) => flags[name]?.need === 'required' && !texts.get(name));
  if (missing.length > 0) throw new UsageError(`required: ${missing.map(naming).join(', ')}`);
  const values = Object.entries(flags).map(([name, flag]) => [
    name,
    flag.read(texts.get(name) ?? null, naming(name)),
  ]);
  return Object.fromEntries(values) as OptionsOf<F>;
}
