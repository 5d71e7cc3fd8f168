/** Keeps secrets in the database unreadable without the master key: AES-256-GCM, bound to what they are for. @module */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { MasterKey } from './master-key.ts';

export interface Sealer {
  /** @param label what the secret is for; it opens only with the same label */
  readonly seal: (plain: string, label: string) => string;
  /** @throws {Error} when the text was sealed by another master key, for another label, or was changed */
  readonly open: (sealed: string, label: string) => string;
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

export function createSealer(masterKey: MasterKey): Sealer {
  const key = masterKey.derive('sealing 1');
  return {
    seal(plain, label) {
      const nonce = randomBytes(nonceBytes);
      const encryption = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(label));
      const body = Buffer.concat([encryption.update(plain, 'utf8'), encryption.final()]);
      return Buffer.concat([nonce, body, encryption.getAuthTag()]).toString('base64url');
    },
    open(sealed, label) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decryption = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decryption.setAAD(Buffer.from(label)).setAuthTag(bytes.subarray(-tagBytes));
      const body = bytes.subarray(nonceBytes, -tagBytes);
      return Buffer.concat([decryption.update(body), decryption.final()]).toString('utf8');
    },
  };
}
