/** What opens a file vault: a passphrase, or the key in a key file. @module */
import { createPrivateKey, hkdfSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Secret } from '@tessera/token';
import { PrivateFileError, readPrivateFile } from '../../files/private-file.ts';
import { VaultError } from '../vault-error.ts';

/** `identity` is age's `AGE-SECRET-KEY-1…`, `bytes` are the 32 of an X25519 key. */
export type VaultKey =
  | { readonly kind: 'passphrase'; readonly text: Secret }
  | { readonly kind: 'identity'; readonly text: Secret }
  | { readonly kind: 'bytes'; readonly text: Secret };

const maximumBytes = 64 * 1024;
const leastKeyBytes = 32;

/**
 * A key file is one of age's (`age-keygen -o FILE`), or 32 and more random bytes in any form:
 * `(umask 077; head -c 32 /dev/urandom | base64 > FILE)`.
 *
 * @throws {VaultError} `locked`: not there; `denied`: open to others, or too short to be a key
 */
export function readKeyFile(path: string, platform: NodeJS.Platform): VaultKey {
  const content = readPrivate(path, 'key file', platform);
  const identity = /^AGE-SECRET-KEY-1[0-9A-Z]+$/m.exec(content.toString('latin1'))?.[0];
  if (identity !== undefined) return { kind: 'identity', text: new Secret(identity) };
  const significant = trimmed(content);
  if (significant.length < leastKeyBytes)
    throw new VaultError('denied', `the key file ${path} holds less than 32 bytes; ${howToMakeKey(path)}`);
  const bytes = hkdfSync('sha256', significant, '', 'tessera file vault key', 32);
  return { kind: 'bytes', text: new Secret(Buffer.from(bytes).toString('base64')) };
}

const howToMakeKey = (path: string): string =>
  `make one with: (umask 077; head -c 32 /dev/urandom | base64 > ${path})`;

/** The first line. @throws {VaultError} `locked`: not there, or empty; `denied`: open to others */
export function readPassphraseFile(path: string, platform: NodeJS.Platform): VaultKey {
  const content = readPrivate(path, 'passphrase file', platform);
  const text = content.toString('utf8').split(/\r?\n/, 1)[0] ?? '';
  if (text !== '') return { kind: 'passphrase', text: new Secret(text) };
  throw new VaultError(
    'locked',
    `the passphrase file ${path} does not begin with a passphrase; write it into the first line`,
  );
}

function readPrivate(path: string, what: string, platform: NodeJS.Platform): Buffer {
  const content = openPrivate(path, what, platform);
  if (content !== null) return content;
  const cure =
    what === 'key file' ? howToMakeKey(path) : 'write the passphrase into its first line, with mode 0600';
  throw new VaultError('locked', `the ${what} ${path} is not there; ${cure}`);
}

function openPrivate(path: string, what: string, platform: NodeJS.Platform): Buffer | null {
  try {
    return readPrivateFile(path, { platform, maximumBytes });
  } catch (error) {
    if (error instanceof PrivateFileError) throw new VaultError('denied', `the ${what} ${error.message}`);
    throw error;
  }
}

/** Without a line's end: an editor adds one, and it is no part of the key. */
function trimmed(content: Buffer): Buffer {
  const end = content.findLastIndex((byte) => byte !== 0x0a && byte !== 0x0d);
  return content.subarray(0, end + 1);
}

const pkcs8Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** The key as the age library takes it. */
export function cryptoKeyOf(bytes: Secret): CryptoKey {
  const der = Buffer.concat([pkcs8Prefix, Buffer.from(bytes.reveal(), 'base64')]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return key.toCryptoKey('X25519', false, ['deriveBits']);
}

/**
 * A new key in age's own form, in a file of its own with mode 0600.
 *
 * @returns false: there is a file already, which is left as it is
 * @throws {VaultError} `read_only`: it cannot be written there
 */
export async function makeKeyFile(path: string): Promise<boolean> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  const text = `# public key: ${await identityToRecipient(identity)}\n${identity}\n`;
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx', flush: true });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new VaultError(
      'read_only',
      `the key file ${path} cannot be written (${code}); make its folder writable`,
    );
  }
}
