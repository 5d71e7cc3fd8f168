/** Commands that do the same in several dialects, each in its own way. @module */
import type { GivenFile } from '../config/layers.ts';
import { loadSettings } from '../config/settings.ts';
import type { Action, Command } from '../program/command.ts';
import { type Dialect, dialects } from '../program/dialect.ts';
import { UsageError } from '../program/errors.ts';
import type { Flag, Flags } from '../program/flag.ts';
import { globalFlags } from '../program/global-flags.ts';

export type ActionsByDialect = { readonly [D in Dialect]?: Action };

/** A command whose action is that of the configured dialect: of the kept login, unless `--dialect` says otherwise. */
export function commandByDialect(
  actions: ActionsByDialect,
  examples: Command['examples'],
  givenFile: GivenFile = 'there',
): Command {
  return {
    flags: merged(actions, ({ flags }) => flags),
    words: merged(actions, ({ words }) => words),
    examples,
    run: async (texts, invocation) => {
      const { dialect } = loadSettings(invocation, givenFile);
      const action = actions[dialect];
      if (action === undefined) throw wrongDialect(dialectsOf(actions), dialect);
      refuseForeignFlags(texts, action, dialect);
      await action.run(texts, invocation);
    },
  };
}

/** @throws {UsageError} another dialect is configured */
export function requireDialect(needed: Dialect, { dialect }: { readonly dialect: Dialect }): void {
  if (dialect !== needed) throw wrongDialect([needed], dialect);
}

function wrongDialect(needed: readonly Dialect[], configured: Dialect): UsageError {
  return new UsageError(
    `this command is of the dialect ${needed.join(' or ')}, and ${configured} is configured; sign in with ` +
      `login --dialect ${needed[0]}, or give --dialect ${needed[0]} and --user`,
  );
}

const dialectsOf = (actions: ActionsByDialect): Dialect[] =>
  dialects.filter((dialect) => actions[dialect] !== undefined);

/** All flags there are; which dialect one is of is said where it is not of all. */
function merged(actions: ActionsByDialect, flagsOf: (action: Action) => Flags): Flags {
  const own = dialectsOf(actions).map((dialect) => ({ dialect, flags: flagsOf(actions[dialect] as Action) }));
  const names = new Set(own.flatMap(({ flags }) => Object.keys(flags)));
  const entries = [...names].map((name): [string, Flag] => {
    const holders = own.filter(({ flags }) => name in flags);
    const flag = holders[0]?.flags[name] as Flag;
    if (holders.length === own.length) return [name, flag];
    const among = holders.map(({ dialect }) => dialect).join(', ');
    return [name, { ...flag, need: 'optional', summary: `${flag.summary} (${among})` }];
  });
  return Object.fromEntries(entries);
}

function refuseForeignFlags(texts: ReadonlyMap<string, string>, action: Action, dialect: Dialect): void {
  const known = { ...globalFlags, ...action.flags, ...action.words };
  const foreign = [...texts.keys()].find((name) => !(name in known));
  if (foreign !== undefined) throw new UsageError(`--${foreign} is not of the dialect ${dialect}`);
}
