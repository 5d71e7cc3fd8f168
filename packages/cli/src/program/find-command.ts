/** Finds the command among what was typed. @module */
import { UsageError } from './errors.ts';
import { globalFlags } from './global-flags.ts';
import type { Entry } from './registry.ts';
import { scan } from './scan.ts';

export interface FoundCommand {
  /** The words of the command or group; empty: none was typed. */
  readonly name: string;
  /** Null: the words so far are a group. */
  readonly entry: Entry | null;
  /** The arguments without the words of the command. */
  readonly rest: readonly string[];
}

/**
 * Flags of the command are not known yet: until it is found, only global flags are taken to have values.
 *
 * @throws {UsageError} `unknown command "x"`, whatever flags there are
 */
export function findCommand(
  args: readonly string[],
  commands: Readonly<Record<string, Entry>>,
): FoundCommand {
  const taken = new Set<number>();
  const rest = (): string[] => args.filter((_, index) => !taken.has(index));
  let name = '';
  for (const token of scan(args, globalFlags)) {
    if (token.kind !== 'word') continue;
    taken.add(token.index);
    const longer = name === '' ? token.text : `${name} ${token.text}`;
    const entry = Object.hasOwn(commands, longer) ? commands[longer] : undefined;
    if (entry !== undefined) return { name: longer, entry, rest: rest() };
    if (!isGroup(longer, commands)) throw new UsageError(`unknown command ${JSON.stringify(token.text)}`);
    name = longer;
  }
  return { name, entry: null, rest: rest() };
}

/** Whether `name` begins a longer command. */
function isGroup(name: string, commands: Readonly<Record<string, Entry>>): boolean {
  return Object.keys(commands).some((command) => command.startsWith(`${name} `));
}
