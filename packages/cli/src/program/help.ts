/** Help texts, from the same data that parsing uses. @module */
import type { Command } from './command.ts';
import type { OutputStream } from './context.ts';
import type { Flag, Flags } from './flag.ts';
import { globalFlags } from './global-flags.ts';
import type { Personality } from './personality.ts';
import { type Entry, groups } from './registry.ts';

/** Headings stand out on a terminal, unless `NO_COLOR` is set (no-color.org). */
export type Heading = (text: string) => string;

export function headingFor(stream: OutputStream, env: NodeJS.ProcessEnv): Heading {
  return stream.isTTY === true && !env.NO_COLOR ? (text) => `\u001b[1m${text}\u001b[22m` : (text) => text;
}

export function commandHelp(
  name: string,
  { summary, command }: { readonly summary: string; readonly command: Command },
  personality: Personality,
  heading: Heading,
): string {
  const typed = `${personality.name} ${name}`;
  return sections([
    sentence(summary),
    block(heading('Usage'), [
      `  ${[`${typed} [flags]`, ...Object.values(command.words).map(wordColumn)].join(' ')}`,
    ]),
    block(heading('Words'), wordLines(command.words)),
    block(heading('Flags'), flagLines(command.flags)),
    block(
      heading('Examples'),
      command.examples(personality).map((line) => `  ${line}`),
    ),
    block(heading('Flags of every command'), flagLines(globalFlags)),
  ]);
}

/** @param name words of the group; empty: the whole program */
export function groupHelp(
  name: string,
  commands: Readonly<Record<string, Entry>>,
  personality: Personality,
  heading: Heading,
): string {
  const typed = [personality.name, name].filter(Boolean).join(' ');
  return sections([
    sentence(
      groups[name] ?? 'Tokens of a Tessera server: get, renew, list and revoke them; users and settings',
    ),
    block(heading('Usage'), [`  ${typed} <command> [flags]`]),
    block(heading('Commands'), columns(childrenOf(name, commands))),
    block(heading('Flags of every command'), flagLines(globalFlags)),
    `Run "${typed} <command> --help" for examples.`,
  ]);
}

/** The next words after `name`, with what they are for. */
export function childrenOf(name: string, commands: Readonly<Record<string, Entry>>): [string, string][] {
  const prefix = name === '' ? '' : `${name} `;
  const children = new Map<string, string>();
  for (const [typed, { summary }] of Object.entries(commands)) {
    if (!typed.startsWith(prefix)) continue;
    const next = typed.slice(prefix.length).split(' ', 1)[0] ?? '';
    children.set(next, groups[prefix + next] ?? summary);
  }
  return [...children];
}

function flagLines(flags: Flags): string[] {
  return columns(
    Object.entries(flags).map(([name, flag]) => [
      flagColumn(name, flag),
      flag.need === 'required' ? `${flag.summary} (required)` : flag.summary,
    ]),
  );
}

function wordLines(words: Flags): string[] {
  return columns(Object.values(words).map((word) => [word.placeholder ?? '', word.summary]));
}

const wordColumn = ({ placeholder, need }: Flag): string =>
  need === 'required' ? `${placeholder}` : `[${placeholder}]`;

function flagColumn(name: string, flag: Flag): string {
  const short = flag.short === null ? '    ' : `-${flag.short}, `;
  const longs = [name, ...flag.aliases].map((long) => `--${long}`).join(', ');
  return flag.placeholder === null ? short + longs : `${short}${longs} ${flag.placeholder}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const block = (heading: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`${heading}:`, ...lines].join('\n');

const sections = (parts: readonly string[]): string => `${parts.filter(Boolean).join('\n\n')}\n`;
