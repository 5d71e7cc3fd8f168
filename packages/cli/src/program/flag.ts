/** Flags as data: parsing, help and completion all read the same description. @module */
import { UsageError } from './errors.ts';

/** What may follow a flag, for completion. */
export type Completion = 'nothing' | 'file' | readonly string[];

export interface Flag<T = unknown> {
  /** One letter; null: none. */
  readonly short: string | null;
  /** Other long names that mean the same. */
  readonly aliases: readonly string[];
  readonly summary: string;
  /** What the help calls the value; null: a switch, which takes none. */
  readonly placeholder: string | null;
  readonly completion: Completion;
  readonly need: 'optional' | 'required';
  /** Of a flag given more than once: the last value, or all of them in one text, apart by U+0000, which no argument holds. */
  readonly repeated: 'last' | 'all';
  /**
   * @param text null: the flag was not given
   * @param name as it is to be called in a message
   * @throws {UsageError}
   */
  read(text: string | null, name: string): T;
}

/** By long name, without dashes. */
export type Flags = Readonly<Record<string, Flag>>;

export type OptionsOf<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

export interface FlagDetails {
  readonly short?: string;
  readonly aliases?: readonly string[];
  readonly placeholder?: string;
  readonly completion?: Completion;
}

function flag<T>(
  summary: string,
  details: FlagDetails,
  rest: Pick<Flag<T>, 'need' | 'placeholder' | 'read'>,
): Flag<T> {
  return {
    repeated: 'last',
    short: details.short ?? null,
    aliases: details.aliases ?? [],
    completion: details.completion ?? 'nothing',
    summary,
    ...rest,
  };
}

/** `--flag` and `--flag=true`; left out, it is false as with `--flag=false`. */
export function switchFlag(summary: string, details: FlagDetails = {}): Flag<boolean> {
  const toggle = toggleFlag(summary, details);
  return { ...toggle, read: (text, name) => toggle.read(text, name) ?? false };
}

/** A switch whose absence is not the same as `--flag=false`. */
export function toggleFlag(summary: string, details: FlagDetails = {}): Flag<boolean | null> {
  return flag(summary, details, {
    need: 'optional',
    placeholder: null,
    read: (text, name) => (text === null ? null : readBoolean(text, name)),
  });
}

export function textFlag(summary: string, details: FlagDetails = {}): Flag<string | null> {
  return flag(summary, details, {
    need: 'optional',
    placeholder: details.placeholder ?? 'TEXT',
    read: (text) => text,
  });
}

export function requiredText(summary: string, details: FlagDetails = {}): Flag<string> {
  return flag(summary, details, {
    need: 'required',
    placeholder: details.placeholder ?? 'TEXT',
    read: (text) => text ?? '',
  });
}

/** A whole number from 0 up. */
export function countFlag(summary: string, details: FlagDetails = {}): Flag<number | null> {
  return flag(summary, details, {
    need: 'optional',
    placeholder: details.placeholder ?? 'N',
    read: (text, name) => (text === null ? null : readCount(text, name)),
  });
}

/** Separated by commas; empty parts are left out. */
export function listFlag(summary: string, details: FlagDetails = {}): Flag<readonly string[] | null> {
  return flag(summary, details, {
    need: 'optional',
    placeholder: details.placeholder ?? 'A,B',
    read: (text) =>
      text
        ?.split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '') ?? null,
  });
}

/** May be given several times, a value each. */
export function repeatedFlag(summary: string, details: FlagDetails = {}): Flag<readonly string[]> {
  const one = flag<readonly string[]>(summary, details, {
    need: 'optional',
    placeholder: details.placeholder ?? 'TEXT',
    read: (text) => text?.split('\0') ?? [],
  });
  return { ...one, repeated: 'all' };
}

export function yesNoFlag(summary: string, details: FlagDetails = {}): Flag<boolean | null> {
  return flag(
    summary,
    { completion: ['yes', 'no'], ...details },
    {
      need: 'optional',
      placeholder: 'yes|no',
      read: (text, name) => {
        if (text === null) return null;
        if (text === 'yes' || text === 'no') return text === 'yes';
        throw new UsageError(`${name} takes yes or no`);
      },
    },
  );
}

export function choiceFlag(
  summary: string,
  choices: readonly string[],
  details: FlagDetails = {},
): Flag<string | null> {
  return flag(
    summary,
    { completion: choices, ...details },
    {
      need: 'optional',
      placeholder: choices.join('|'),
      read: (text, name) => {
        if (text === null || choices.includes(text)) return text;
        throw new UsageError(`${name} takes ${choices.join(' or ')}`);
      },
    },
  );
}

function readCount(text: string, name: string): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(count)) return count;
  throw new UsageError(`${name} takes a whole number, 0 or more`);
}

function readBoolean(text: string, name: string): boolean {
  if (/^(?:true|1)$/i.test(text)) return true;
  if (/^(?:false|0)$/i.test(text)) return false;
  throw new UsageError(`${name} takes true or false`);
}
