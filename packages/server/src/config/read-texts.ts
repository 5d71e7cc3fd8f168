/** Settings as texts, out of the environment and the configuration file; the environment wins. @module */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  configFileVariable,
  defaultConfigFile,
  type Setting,
  type SettingName,
  settings,
} from './settings.ts';
import { suggest } from './suggest.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What was written for a setting, and by which name, so that a fault names what the operator wrote. */
export interface WrittenSetting {
  readonly text: string;
  readonly writtenAs: string;
}

/** Where the configuration comes from. */
export interface ConfigSource {
  readonly env: Environment;
  readonly workingDirectory: string;
  /** Wins over TESSERA_CONFIG. */
  readonly configFile: string | null;
}

export type WrittenSettings = ReadonlyMap<SettingName, WrittenSetting>;

const all = Object.entries(settings) as [SettingName, Setting][];
const camelCase = (key: string): string => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Reads both; what is wrong is added to `faults`. Empty texts and nulls count as not written. */
export async function readTexts(source: ConfigSource, faults: string[]): Promise<WrittenSettings> {
  const written = new Map(await readFile(source, faults));
  for (const [name, { variable }] of all) {
    const text = source.env[variable]?.trim() ?? '';
    if (text !== '') written.set(name, { text, writtenAs: variable });
  }
  findMistypedVariables(source.env, faults);
  return written;
}

/** Beginnings of our variables' names. */
const prefixes = ['TESSERA_', 'NECTAR_'];

/** A variable one or two letters off is surely meant for us; other TESSERA_ names belong to the command line. */
function findMistypedVariables(env: Environment, faults: string[]): void {
  const known = [...all.map(([, { variable }]) => variable), configFileVariable];
  for (const variable of Object.keys(env)) {
    const prefix = prefixes.find((beginning) => variable.startsWith(beginning));
    if (prefix === undefined || known.includes(variable)) continue;
    const named = known.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    const meant = suggest(variable.slice(prefix.length), named);
    if (meant !== null && !cliVariables.has(variable))
      faults.push(`${variable}: there is no such setting; did you mean ${prefix}${meant}?`);
  }
}

const cliVariables = new Set(
  [
    'VERBOSITY',
    'RESP',
    'URL',
    'USERNAME',
    'PASSWORD',
    'JWT',
    'REFRESHTOKEN',
    'CLIENTID',
    'NOSSLVERIFY',
    'CAFILE',
  ]
    .concat(['TIMEOUT', 'DOMAIN', 'AUTH_DOMAIN'])
    .map((name) => `TESSERA_${name}`),
);

async function readFile(source: ConfigSource, faults: string[]): Promise<[SettingName, WrittenSetting][]> {
  const named = source.configFile ?? (source.env[configFileVariable] || null);
  const path = resolve(source.workingDirectory, named ?? defaultConfigFile);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (named === null && reason === 'ENOENT') return [];
    faults.push(`${path}: cannot be read (${reason}); correct the path or the file's permissions.`);
    return [];
  }
  const content = await parseYaml(path, text, faults);
  return content === null ? [] : readKeys(path, content, faults);
}

/** The YAML parser is loaded only where there is a file. */
async function parseYaml(path: string, text: string, faults: string[]): Promise<object | null> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    faults.push(`${path}: is not YAML at line ${line} (${error.code}); write one "name: value" a line.`);
    return null;
  }
  const content = contentOf(document);
  if (content !== null) return content;
  faults.push(`${path}: must hold plain settings; write one "name: value" a line.`);
  return null;
}

/** A mapping, null for anything else; an alias is refused, as a few of them make a document endless. */
function contentOf(document: { toJS(options: { maxAliasCount: number }): unknown }): object | null {
  try {
    const content = document.toJS({ maxAliasCount: 0 }) ?? {};
    return typeof content === 'object' && !Array.isArray(content) ? content : null;
  } catch {
    return null;
  }
}

function readKeys(path: string, content: object, faults: string[]): [SettingName, WrittenSetting][] {
  const read = new Map<SettingName, WrittenSetting>();
  for (const [key, value] of Object.entries(content)) {
    const found = all.find(([, setting]) => key === setting.key || key === camelCase(setting.key));
    if (found === undefined) {
      const meant = suggest(
        key,
        all.flatMap(([, setting]) => [setting.key, camelCase(setting.key)]),
      );
      const cure = meant === null ? 'remove it' : `did you mean ${meant}?`;
      faults.push(`${key} (${path}): there is no such setting; ${cure}`);
      continue;
    }
    const text = textOf(value);
    if (text === null) faults.push(`${key} (${path}): must be a single value or a list of values.`);
    else if (read.has(found[0])) faults.push(`${key} (${path}): is written twice; keep one.`);
    else if (text !== '') read.set(found[0], { text, writtenAs: key });
  }
  return [...read];
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? value.join(',') : null;
  return typeof value === 'object' ? null : String(value).trim();
}
