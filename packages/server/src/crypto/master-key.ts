/** The one secret that is not in the database: 32 random bytes in a file, from which every other key is derived. @module */
import { hkdfSync, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** The master key's file cannot be used; the message says why and what cures it. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
}

/** Gives keys for single purposes; the master key itself stays inside. */
export interface MasterKey {
  /** 32 bytes that only this master key gives for this purpose (HKDF-SHA-256, RFC 5869). */
  readonly derive: (purpose: string) => Buffer;
}

const keyBytes = 32;

/** Reads the master key; null where there is no file. @throws {MasterKeyError} when the file cannot be used */
export function findMasterKey(file: string): MasterKey | null {
  const key = readKey(file);
  return key === null ? null : masterKeyOf(key);
}

/** Reads the master key of an installation that is there. @throws {MasterKeyError} when there is no such file */
export function readMasterKey(file: string): MasterKey {
  const key = findMasterKey(file);
  if (key !== null) return key;
  throw new MasterKeyError(
    `there is no master key file ${file}, and the data was sealed with one; put it back, or set TESSERA_MASTER_KEY_FILE to where it is`,
  );
}

/** Makes the master key of a new installation (mode 0600, whole or not at all), or takes the one that another server made. */
export function makeMasterKey(file: string): MasterKey {
  return masterKeyOf(createKey(file));
}

/** What an installation remembers of its master key, to tell another one by. */
export function masterKeyCheck(masterKey: MasterKey): string {
  return masterKey.derive('check').toString('base64url');
}

function masterKeyOf(key: Buffer): MasterKey {
  return { derive: (purpose) => Buffer.from(hkdfSync('sha256', key, '', `tessera ${purpose}`, 32)) };
}

function readKey(file: string): Buffer | null {
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      throw new MasterKeyError(`master key file ${file} can be read by others; run: chmod 600 ${file}`);
    }
    text = readFileSync(file, 'latin1').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'ENOENT') return null;
      throw new MasterKeyError(`master key file ${file} cannot be read (${String(error.code)})`);
    }
    throw error;
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new MasterKeyError(
      `master key file ${file} must hold 64 hexadecimal digits; make one with: openssl rand -hex 32`,
    );
  }
  return Buffer.from(text, 'hex');
}

function createKey(file: string): Buffer {
  const key = randomBytes(keyBytes);
  const draft = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const descriptor = openSync(draft, 'wx', 0o600);
    writeSync(descriptor, `${key.toString('hex')}\n`);
    fsyncSync(descriptor);
    closeSync(descriptor);
    chmodSync(draft, 0o600);
    publish(draft, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new MasterKeyError(`master key file ${file} cannot be created (${code})`);
  }
  // Another server may have been quicker: the file's key is the one that counts.
  return readKey(file) ?? key;
}

/** Gives the finished file its name without ever replacing one that is there. */
function publish(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
}
