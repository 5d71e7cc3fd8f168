/**
 * Refresh tokens are proved, not stored.
 *
 * A token's text is 64 characters `[A-Za-z0-9]`: 2 for the MAC key's number, 22 for the session's id, 6 for the
 * generation, 34 for a MAC over those 30 and the session's salt (HMAC-SHA-256, first 200 bits). The MAC key comes from the
 * master key and is not in the database; the salt is in the database and not with the key: either leak alone forges nothing.
 * @module
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { SessionId } from '../domain/ids.ts';
import type { Session } from '../domain/session.ts';
import { decodeNumber, decodeUuid, encodeNumber, writeBase62 } from './base62.ts';

/** What a text claims to be. Nothing is proved yet. */
export interface RefreshTokenClaim {
  readonly macKey: number;
  readonly sessionId: SessionId;
  readonly generation: number;
}

/** What of a session its tokens' texts are made of. */
export type TokenSeed = Pick<Session, 'id' | 'macKey' | 'salt' | 'generation'>;

export interface RefreshTokens {
  /** Number of the key new sessions use. */
  readonly currentMacKey: number;
  /** Reads a text's fields; null when it cannot be a token of ours. */
  readonly read: (text: string) => RefreshTokenClaim | null;
  /** Whether the MAC of a text that was read is right for this session. In constant time. */
  readonly proves: (text: string, session: TokenSeed) => boolean;
  /**
   * The text of a session's newest token.
   *
   * @param proved another text of the same session, which has the session's part of it ready; null: there is none
   */
  readonly write: (session: TokenSeed, proved: string | null) => string;
}

const refreshTokenLength = 64;
const idAt = 2;
const generationAt = 24;
const macAt = 30;
const macDigits = refreshTokenLength - macAt;
const macBytes = 25;
const saltLength = 22;
/** Salt's bytes before base64url: 128 bits. */
export const saltBytes = 16;

/** @param macKeys by their numbers, 32 bytes each; the highest number is the current one */
export function createRefreshTokens(macKeys: ReadonlyMap<number, Uint8Array>): RefreshTokens {
  const macs = new Map([...macKeys].map(([number, key]) => [number, createMac(key)]));
  const currentMacKey = Math.max(...macKeys.keys());

  return {
    currentMacKey,
    read(text) {
      if (text.length !== refreshTokenLength) return null;
      const macKey = decodeNumber(text, 0, 2);
      const id = decodeUuid(text, idAt);
      const generation = decodeNumber(text, generationAt, 6);
      if (macKey === null || id === null || generation === null || generation === 0) return null;
      return { macKey, sessionId: id as SessionId, generation };
    },
    proves(text, session) {
      const writeMac = macs.get(session.macKey);
      if (writeMac === undefined || decodeNumber(text, 0, 2) !== session.macKey) return false;
      writeMac(text, session.salt, proper);
      presented.write(text, 0, refreshTokenLength, 'latin1');
      return timingSafeEqual(presentedMac, properMac);
    },
    write(session, proved) {
      const generation = encodeNumber(session.generation, macAt - generationAt);
      if (proved?.startsWith(generation, generationAt)) return proved;
      const writeMac = macs.get(session.macKey);
      if (writeMac === undefined) throw new Error(`MAC key ${session.macKey} is not in the master key file`);
      const head = (proved?.slice(0, generationAt) ?? headOf(session)) + generation;
      proper.write(head, 0, macAt, 'latin1');
      writeMac(head, session.salt, proper);
      return proper.toString('latin1');
    },
  };
}

/** Reused by every call: nothing here waits in between. */
const presented = Buffer.alloc(refreshTokenLength);
const proper = Buffer.alloc(refreshTokenLength);
const presentedMac = presented.subarray(macAt);
const properMac = proper.subarray(macAt);

/** Key number and session id. */
function headOf(session: TokenSeed): string {
  const head = Buffer.from(encodeNumber(session.macKey, idAt).padEnd(generationAt, '0'));
  writeBase62(Buffer.from(session.id.replaceAll('-', ''), 'hex'), head, idAt, generationAt - idAt);
  return head.toString('latin1');
}

/**
 * Writes the MAC of a text's first 30 characters into the rest of `target`.
 *
 * HMAC-SHA-256 as two one-shot hashes over prepared pads, digests as Latin-1 text: four times as fast as `createHmac` here.
 */
function createMac(key: Uint8Array): (text: string, salt: string, target: Uint8Array) => void {
  const inner = Buffer.alloc(64 + macAt + saltLength, 0x36);
  const outer = Buffer.alloc(64 + 32, 0x5c);
  const digest = Buffer.alloc(macBytes);
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return (text, salt, target) => {
    inner.write(text, 64, macAt, 'latin1');
    inner.write(salt, 64 + macAt, saltLength, 'latin1');
    outer.write(hash('sha256', inner, 'latin1'), 64, 32, 'latin1');
    digest.write(hash('sha256', outer, 'latin1'), 0, macBytes, 'latin1');
    writeBase62(digest, target, macAt, macDigits);
  };
}
