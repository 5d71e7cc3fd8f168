/** Where a setting may come from: flags, the file given, the environment, the default file. @module */
import { resolve } from 'node:path';
import type { Invocation } from '../program/command.ts';
import { LocalError, UsageError } from '../program/errors.ts';
import { type ConfigFile, readConfigFile, valueIn } from './config-file.ts';
import type { Key } from './keys.ts';

export interface Layer {
  /** Null: unset, which empty text is too. */
  readonly get: (key: Key) => string | null;
  /** The error for a value that `key` cannot have in this layer. */
  readonly fault: (key: Key, expected: string) => Error;
  /** Null: not a file. */
  readonly file: ConfigFile | null;
}

/** The file given by `--configfile`, else the default one in the home directory. */
export function configPathOf({ context, globals }: Invocation): string {
  return globals.configfile === null ? defaultPath(context) : resolve(globals.configfile);
}

const defaultPath = (context: Invocation['context']): string =>
  resolve(context.home, context.personality.folder, 'config.yaml');

/** What a file given by `--configfile` has to be: there, or one that the command makes. */
export type GivenFile = 'there' | 'made';

/** The strongest first. @throws {LocalError} a file that is refused */
export function layersOf(invocation: Invocation, givenFile: GivenFile): readonly Layer[] {
  const { context, globals } = invocation;
  const given = globals.configfile === null ? null : readConfigFile(resolve(globals.configfile), context);
  if (globals.configfile !== null && given === null && givenFile === 'there')
    throw new LocalError(
      `there is no configuration file ${resolve(globals.configfile)}; ${context.personality.name} login --configfile makes one`,
    );
  const standard = readConfigFile(defaultPath(context), context);
  return [flagLayer(invocation), ...fileLayer(given), environmentLayer(context), ...fileLayer(standard)];
}

const flagNames = {
  URL: 'url',
  USERNAME: 'user',
  PASSWORD: 'password',
  JWT: 'jwt',
  DOMAIN: 'domain',
  AUTH_DOMAIN: 'auth-domain',
  DIALECT: 'dialect',
  TENANT: 'tenant',
  CAFILE: 'ca-file',
  NOSSLVERIFY: 'nosslverify',
  TIMEOUT: 'timeout',
} as const satisfies Partial<Record<Key, keyof Invocation['globals']>>;

function flagLayer({ globals }: Invocation): Layer {
  const names: Partial<Record<Key, (typeof flagNames)[keyof typeof flagNames]>> = flagNames;
  return {
    get: (key) => {
      const name = names[key];
      const value = name === undefined ? null : globals[name];
      return value === null ? null : String(value) || null;
    },
    fault: (key, expected) => new UsageError(`--${names[key]} must be ${expected}`),
    file: null,
  };
}

function environmentLayer({ env, personality }: Invocation['context']): Layer {
  return {
    get: (key) => env[personality.prefix + key] || null,
    fault: (key, expected) => new LocalError(`the variable ${personality.prefix}${key} must be ${expected}`),
    file: null,
  };
}

function fileLayer(file: ConfigFile | null): Layer[] {
  if (file === null) return [];
  const fault = (key: Key, expected: string): Error =>
    new LocalError(`${file.prefix}${key} in ${file.path} must be ${expected}`);
  return [{ get: (key) => valueIn(file, key), fault, file }];
}
