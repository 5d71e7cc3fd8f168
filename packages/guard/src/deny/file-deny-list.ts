/** A deny list in a file: one key a line. @module */
import { readFileSync, statSync } from 'node:fs';
import type { DenyList } from './deny-list.ts';

export interface FileDenyListOptions {
  /** How long a look at the file serves. Default 1000. */
  readonly checkEveryMs?: number;
  /** Milliseconds of a clock that never goes back. Default `performance.now`. */
  readonly clock?: () => number;
}

/**
 * Read anew when the file's time, size or identity has changed, which is looked at once a second at most. Empty lines and lines that
 * begin with `#` are none. A file that cannot be read refuses everything (503), also one that could be read before.
 */
export function fileDenyList(path: string, options: FileDenyListOptions = {}): DenyList {
  const { checkEveryMs = 1000, clock = () => performance.now() } = options;
  let keys: ReadonlySet<string> = new Set();
  let version: string | null = null;
  let checkedAtMs = Number.NEGATIVE_INFINITY;

  const refresh = (): void => {
    const { mtimeMs, ctimeMs, size, ino } = statSync(path);
    const current = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    if (current !== version) {
      keys = readKeys(readFileSync(path, 'utf8'));
      version = current;
    }
    checkedAtMs = clock();
  };
  return {
    has(key) {
      if (clock() - checkedAtMs >= checkEveryMs) refresh();
      return keys.has(key);
    },
    metrics: () => ({ keys: keys.size }),
  };
}

/** A hash may be written in any letter case; the other kinds of key are as they are. */
function readKeys(text: string): ReadonlySet<string> {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Set(lines.flatMap((line) => (guid.test(line) ? [line, line.toLowerCase()] : [line])));
}

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
