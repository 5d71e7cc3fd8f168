/** Values that are too long for the keychain: sealed by a key that is in it, and laid in a file. @module */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../files/write-atomically.ts';
import { VaultError } from '../vault-error.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

export interface SealedFolder {
  readonly path: string;
  readonly vault: string;
}

export function newSealingKey(): string {
  return randomBytes(keyBytes).toString('base64');
}

/** The value is sealed for its name: files that have been exchanged do not open. */
export function writeSealed(folder: SealedFolder, name: string, value: string, key: string): void {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, Buffer.from(key, 'base64'), nonce).setAAD(boundTo(folder, name));
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  writeAtomically(fileOf(folder, name), Buffer.concat([nonce, cipher.getAuthTag(), sealed]));
}

/** @throws {VaultError} `unavailable`: the file is gone, cut off, or sealed by another key */
export function readSealed(folder: SealedFolder, name: string, key: string): string {
  try {
    const bytes = readFileSync(fileOf(folder, name));
    const [nonce, tag] = [bytes.subarray(0, nonceBytes), bytes.subarray(nonceBytes, nonceBytes + tagBytes)];
    const opener = createDecipheriv(algorithm, Buffer.from(key, 'base64'), nonce, { authTagLength: tagBytes })
      .setAAD(boundTo(folder, name))
      .setAuthTag(tag);
    return Buffer.concat([opener.update(bytes.subarray(nonceBytes + tagBytes)), opener.final()]).toString(
      'utf8',
    );
  } catch {
    throw new VaultError(
      'unavailable',
      `the long value "${name}" of the vault "${folder.vault}" cannot be opened: its file in ${folder.path} is gone or damaged; store it again`,
    );
  }
}

export function removeSealed(folder: SealedFolder, name: string): void {
  rmSync(fileOf(folder, name), { force: true });
}

const boundTo = ({ vault }: SealedFolder, name: string): Buffer => Buffer.from(`${vault}\0${name}`);

/** The name is in the keychain and not in the folder. */
function fileOf({ path, vault }: SealedFolder, name: string): string {
  return join(path, `${createHash('sha256').update(`${vault}\0${name}`).digest('hex')}.sealed`);
}
