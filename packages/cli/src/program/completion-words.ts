/** What may follow what on the command line: the data behind the completion scripts. @module */
import type { Flag, Flags } from './flag.ts';
import { globalFlags } from './global-flags.ts';
import { childrenOf } from './help.ts';
import type { Personality } from './personality.ts';
import { commandsOf } from './registry.ts';

export interface CompletionPlan {
  /** By the words typed so far, joined by spaces: the words that may follow. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** By the words of a command or group: its flags with their dashes. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** By the words of a command and a flag, separated by a space: what may follow the flag. Switches are not in it. */
  readonly values: ReadonlyMap<string, Flag['completion']>;
}

/** Loads every command's file, which is why completion is a script written once and not asked for at every key. */
export async function completionPlan(personality: Personality): Promise<CompletionPlan> {
  const commands = commandsOf(personality);
  const words = new Map<string, readonly string[]>();
  const flags = new Map<string, readonly string[]>();
  const values = new Map<string, Flag['completion']>();
  const add = (name: string, own: Flags): void => {
    flags.set(
      name,
      Object.entries(own).flatMap(([long, flag]) => spellings(long, flag)),
    );
    for (const [long, flag] of Object.entries(own)) {
      if (flag.placeholder === null) continue;
      for (const spelling of spellings(long, flag)) values.set(`${name} ${spelling}`, flag.completion);
    }
  };
  for (const [name, { load }] of Object.entries(commands)) {
    const typed = name.split(' ');
    for (let length = 0; length < typed.length; length += 1) {
      const group = typed.slice(0, length).join(' ');
      words.set(
        group,
        childrenOf(group, commands).map(([word]) => word),
      );
      add(group, globalFlags);
    }
    add(name, { ...globalFlags, ...(await load()).command.flags });
  }
  return { words, flags, values };
}

function spellings(long: string, flag: Flag): string[] {
  const longs = [long, ...flag.aliases].map((name) => `--${name}`);
  return flag.short === null ? longs : [`-${flag.short}`, ...longs];
}
