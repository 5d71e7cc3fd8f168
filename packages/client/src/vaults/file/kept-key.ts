/** The key of an unlocked vault, kept for some minutes where only its user can read it. @module */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@tessera/token';
import { PrivateFileError, readPrivateFile } from '../../files/private-file.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { VaultError } from '../vault-error.ts';
import type { VaultKey } from './vault-key.ts';

export interface KeptKeys {
  /** Null: none, or its time is over. */
  find(vaultPath: string): VaultKey | null;
  keep(vaultPath: string, key: VaultKey, untilMs: number): void;
  forget(vaultPath: string): void;
}

const maximumBytes = 64 * 1024;

/** @param folder the user's runtime folder, which is in memory and goes with the session where there is one */
export function keptKeysIn(folder: string, platform: NodeJS.Platform, nowMs: () => number): KeptKeys {
  const fileOf = (vaultPath: string): string =>
    join(folder, `${createHash('sha256').update(vaultPath).digest('hex')}.key`);
  const forget = (vaultPath: string): void => rmSync(fileOf(vaultPath), { force: true });
  return {
    find: (vaultPath) => {
      // Somebody else's folder is none of ours: a key in it would be one that they know.
      const kept = isOwnFolder(folder, platform) ? parse(readKept(fileOf(vaultPath), platform)) : null;
      if (kept === null) return null;
      if (kept.untilMs > nowMs()) return kept.key;
      forget(vaultPath);
      return null;
    },
    keep: (vaultPath, { kind, text }, untilMs) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!isOwnFolder(folder, platform))
        throw new VaultError(
          'denied',
          `the folder ${folder} is not yours alone; remove it, or set XDG_RUNTIME_DIR`,
        );
      writeAtomically(fileOf(vaultPath), JSON.stringify({ v: 1, untilMs, kind, text: text.reveal() }));
    },
    forget,
  };
}

/** `$XDG_RUNTIME_DIR/tessera`, else a folder of one's own below the system's temporary one. */
export function runtimeFolder(env: NodeJS.ProcessEnv): string {
  return env.XDG_RUNTIME_DIR
    ? join(env.XDG_RUNTIME_DIR, 'tessera')
    : join(tmpdir(), `tessera-${userInfo().uid}`);
}

function readKept(path: string, platform: NodeJS.Platform): string | null {
  try {
    return readPrivateFile(path, { platform, maximumBytes })?.toString('utf8') ?? null;
  } catch (error) {
    if (error instanceof PrivateFileError) throw new VaultError('denied', `the kept key ${error.message}`);
    throw error;
  }
}

interface Kept {
  readonly key: VaultKey;
  readonly untilMs: number;
}

function parse(text: string | null): Kept | null {
  if (text === null) return null;
  try {
    const { v, untilMs, kind, text: key } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const isKey = kind === 'passphrase' || kind === 'identity' || kind === 'bytes';
    if (v !== 1 || typeof untilMs !== 'number' || !isKey || typeof key !== 'string') return null;
    return { key: { kind, text: new Secret(key) }, untilMs };
  } catch {
    return null;
  }
}

/** Below a temporary folder that all users share, somebody else may have been there first. */
function isOwnFolder(folder: string, platform: NodeJS.Platform): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return false;
  return platform === 'win32' || (stats.uid === userInfo().uid && (stats.mode & 0o077) === 0);
}
