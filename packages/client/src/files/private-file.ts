/** Files that nobody else may read or change: checked each time, because a mode is quickly widened by a copy. @module */
import { closeSync, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The file is there and must not be used. */
export class PrivateFileError extends Error {
  override readonly name: 'PrivateFileError' = 'PrivateFileError';
}

export interface PrivateFileRules {
  readonly platform: NodeJS.Platform;
  readonly maximumBytes: number;
}

/**
 * @returns null: there is no such file
 * @throws {PrivateFileError} open to others, no file, too large, or not to be opened; the cure is in the message
 */
export function readPrivateFile(path: string, rules: PrivateFileRules): Buffer | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new PrivateFileError(`${path} cannot be opened (${code})`);
  }
  try {
    checkFile(path, fstatSync(file), rules);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function checkFile(path: string, stats: Stats, { platform, maximumBytes }: PrivateFileRules): void {
  if (!stats.isFile()) throw new PrivateFileError(`${path} is not a file`);
  if (isOpenToOthers(stats, platform))
    throw new PrivateFileError(`${path} is open to others; run: chmod 600 ${path}`);
  if (stats.size > maximumBytes) throw new PrivateFileError(`${path} is larger than ${maximumBytes} bytes`);
}

/** @throws {PrivateFileError} the folder of `path` is there and open to others */
export function requirePrivateFolder(path: string, platform: NodeJS.Platform): void {
  const folder = dirname(path);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats !== undefined && isOpenToOthers(stats, platform))
    throw new PrivateFileError(`the folder ${folder} is open to others; run: chmod 700 ${folder}`);
}

/** Windows has no such modes; there the user's profile is private. */
const isOpenToOthers = ({ mode }: Stats, platform: NodeJS.Platform): boolean =>
  platform !== 'win32' && (mode & 0o077) !== 0;
