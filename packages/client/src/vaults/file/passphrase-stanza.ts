/**
 * The scrypt recipient of an age file, by Node's own scrypt: the library's takes several times as long.
 *
 * @see https://age-encryption.org/v1 (the scrypt recipient type)
 * @module
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Identity, Recipient, Stanza } from 'age-encryption';

const label = 'age-encryption.org/v1/scrypt';
/** Base-2 logarithm of scrypt's N: 128 MiB and some tenths of a second. */
const workFactor = 17;
/** More would let a file that somebody has planted exhaust the machine. */
const greatestWorkFactor = 20;
const algorithm = 'chacha20-poly1305';
const noNonce = Buffer.alloc(12);
const tagBytes = 16;

export interface PassphraseStanzas extends Recipient, Identity {}

/**
 * @param newStanza the library's class, which is loaded late
 * @param passphrase what has been derived from it is remembered, by salt
 */
export function passphraseStanzas(newStanza: typeof Stanza, passphrase: string): PassphraseStanzas {
  const derived = new Map<string, Buffer>();
  const keyFor = async (salt: string, logN: number): Promise<Buffer> => {
    const known = derived.get(`${salt} ${logN}`);
    const key = known ?? (await derive(passphrase, Buffer.from(salt, 'base64'), logN));
    derived.set(`${salt} ${logN}`, key);
    return key;
  };
  return {
    wrapFileKey: async (fileKey) => {
      const salt = unpadded(randomBytes(16));
      const cipher = createCipheriv(algorithm, await keyFor(salt, workFactor), noNonce, {
        authTagLength: tagBytes,
      });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new newStanza(['scrypt', salt, String(workFactor)], body)];
    },
    unwrapFileKey: async (stanzas) => {
      const [stanza] = stanzas;
      const [kind, salt = '', logN = ''] = stanza?.args ?? [];
      if (stanza === undefined || kind !== 'scrypt') return null;
      // Alone, so that who knows the passphrase knows that nobody else could have written the file.
      const isWellFormed = stanzas.length === 1 && stanza.args.length === 3 && stanza.body.length === 32;
      if (!isWellFormed || !/^[1-9]\d?$/.test(logN) || Number(logN) > greatestWorkFactor)
        throw new Error('malformed scrypt stanza');
      return unwrap(stanza.body, await keyFor(salt, Number(logN)));
    },
  };
}

/** Null: the passphrase is wrong. */
function unwrap(body: Uint8Array, key: Buffer): Uint8Array | null {
  const decipher = createDecipheriv(algorithm, key, noNonce, { authTagLength: tagBytes });
  decipher.setAuthTag(body.subarray(16));
  const fileKey = decipher.update(body.subarray(0, 16));
  try {
    decipher.final();
    return new Uint8Array(fileKey);
  } catch {
    return null;
  }
}

const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt);

function derive(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  const cost = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) };
  return scryptAsync(passphrase, Buffer.concat([Buffer.from(label), salt]), 32, cost);
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
