/** What a login leaves in the configuration file. @module */
import { type ConfigFile, valueIn } from '../config/config-file.ts';
import type { Key } from '../config/keys.ts';
import { parseServerUrl } from '../config/server-url.ts';
import type { Settings } from '../config/settings.ts';
import type { Invocation } from '../program/command.ts';

/**
 * Never the password, and never `--verbose`. The order is that of a new file.
 *
 * @param login the keys that hold the login itself; null: removed
 */
export function changesFor(
  file: ConfigFile,
  login: readonly (readonly [Key, string | null])[],
  settings: Settings,
  { globals }: Invocation,
): ReadonlyMap<Key, string | null> {
  const isNew = file.lines.length === 0;
  const changes: (readonly [Key, string | null])[] = [
    ...(isNew ? newFile : []),
    ['URL', writtenUrl(file, settings)],
    ['USERNAME', settings.username],
    ...login,
    ['NOSSLVERIFY', String(settings.noSslVerify)],
    // Without it the next command would not trust the server that this one does.
    ...(globals['ca-file'] === null ? [] : [['CAFILE', settings.caFile] as [Key, string | null]]),
  ];
  return new Map(changes.filter(([key, value]) => value !== null || valueIn(file, key) !== null));
}

const newFile: readonly [Key, string][] = [
  ['VERBOSITY', 'false'],
  ['RESP', 'json'],
];

/** As it is written in the file, if it means the same; else without the slash that comparing needs. */
function writtenUrl(file: ConfigFile, { url }: Settings): string | null {
  const written = valueIn(file, 'URL');
  const href = url?.href ?? null;
  if (written !== null && parseServerUrl(written)?.href === href) return written;
  return href?.replace(/\/+$/, '') ?? null;
}
