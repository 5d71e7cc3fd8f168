/** The configuration file: read whole, and only if nobody else can read it. @module */
import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import type { Context } from '../program/context.ts';
import { LocalError } from '../program/errors.ts';
import { FlatYamlError, formatFlatYaml, type Line, parseFlatYaml, setEntry } from './flat-yaml.ts';
import type { Key } from './keys.ts';

/** Seven keys and a few comments; more is not a configuration. */
const maximumBytes = 64 * 1024;

export interface ConfigFile {
  readonly path: string;
  readonly lines: readonly Line[];
  /** Begins every key. */
  readonly prefix: string;
}

type FileContext = Pick<Context, 'personality' | 'platform'>;

/**
 * @returns null: there is no such file
 * @throws {LocalError} readable by others, too large, or not flat YAML; its content is not repeated
 */
export function readConfigFile(path: string, context: FileContext): ConfigFile | null {
  const text = readPrivateText(path, context.platform);
  if (text === null) return null;
  try {
    return { path, lines: parseFlatYaml(text), prefix: context.personality.prefix };
  } catch (error) {
    if (error instanceof FlatYamlError) throw new LocalError(`configuration file ${path}, ${error.message}`);
    throw error;
  }
}

/** @returns null: not there, or empty */
export function valueIn(file: ConfigFile, key: Key): string | null {
  const name = file.prefix + key;
  const line = file.lines.find((candidate) => candidate.kind === 'entry' && candidate.key === name);
  return (line?.kind === 'entry' && line.value) || null;
}

/** The file's text with these keys set (or, by null, removed); all else in it stays as it is. */
export function editedText(file: ConfigFile, changes: ReadonlyMap<Key, string | null>): string {
  let lines: readonly Line[] = file.lines;
  for (const [key, value] of changes) lines = setEntry(lines, file.prefix + key, value);
  return formatFlatYaml(lines);
}

function readPrivateText(path: string, platform: NodeJS.Platform): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new LocalError(`configuration file ${path} cannot be opened (${code})`);
  }
  try {
    checkFile(path, fstatSync(file), platform);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function checkFile(path: string, stats: Stats, platform: NodeJS.Platform): void {
  if (!stats.isFile()) throw new LocalError(`configuration file ${path} is not a file`);
  if (platform !== 'win32' && (stats.mode & 0o066) !== 0) {
    throw new LocalError(`configuration file ${path} can be read by others; run: chmod 600 ${path}`);
  }
  if (stats.size > maximumBytes) throw new LocalError(`configuration file ${path} is larger than 64 KiB`);
}
