/**
 * A signing key as it is kept, and the four times of its life: made, signing, retired, removed. It is published, and
 * verifies, from the first to the last.
 * @module
 */
import type { JsonObject } from './tenancy.ts';

export type SigningAlgorithm = 'HS256' | 'ES256' | 'ES384' | 'ES512' | 'RS256';

export interface SigningKeyRecord {
  readonly kid: string;
  /** Which tokens it signs; each use has its own keys. */
  readonly use: string;
  readonly alg: SigningAlgorithm;
  /** With `x5c` where the key has a certificate; null for HMAC keys, which have no public part. */
  readonly publicJwk: JsonObject | null;
  /** The private JWK with its certificates, sealed by the master key; base64url. */
  readonly sealedPrivateJwk: string;
  readonly createdAtMs: number;
  /** From when it signs: later than it was made where others must have seen it first. */
  readonly signsFromMs: number;
  /** From when it signs no more, as its successor does; null: it has none. */
  readonly retiredAtMs: number | null;
  /** From when it verifies no more; null: not known yet. */
  readonly removedAtMs: number | null;
  /** Until when a key that verifies no more is kept for the tokens that are renewed; null: it is not, or not looked at yet. */
  readonly keptUntilMs: number | null;
}

/** What the keys of one use have to be like. */
export interface KeyUse {
  readonly use: string;
  /** The first is what the first key is made for. */
  readonly algorithms: readonly [SigningAlgorithm, ...SigningAlgorithm[]];
  /** Whether every key has an X.509 certificate; where none is given, the key signs its own. */
  readonly certificate: 'none' | 'always';
  /** How long the longest-lived token that a key signed is of use after the key signs no more. */
  readonly tokenLifetimeSeconds: number;
  /** How long a key is published before it signs, for those who verify by themselves and remember keys; 0: nobody does. */
  readonly publishedAheadSeconds: number;
  /** Interfaces whose tokens never expire: a key stays as long as a session is open whose token it may have signed. */
  readonly facesWithoutExpiry: readonly string[];
  /**
   * Interfaces where a token, however long expired, is shown to be renewed: a key's public half is kept for that, and for
   * nothing else, as long as a session is open whose newest token it may have signed.
   */
  readonly facesRenewedByToken: readonly string[];
}

type Times = Pick<SigningKeyRecord, 'signsFromMs' | 'retiredAtMs' | 'removedAtMs'>;

/** Whether tokens signed by the key are accepted. */
export function verifiesAt(key: Pick<Times, 'removedAtMs'>, nowMs: number): boolean {
  return key.removedAtMs === null || nowMs < key.removedAtMs;
}

/** The key that signs now: of those whose time has come, the one whose time came last. Null: none. */
export function signingKeyAt<Key extends Times>(keys: Iterable<Key>, nowMs: number): Key | null {
  let newest: Key | null = null;
  for (const key of keys) {
    if (nowMs < key.signsFromMs || !verifiesAt(key, nowMs)) continue;
    if (key.retiredAtMs !== null && key.retiredAtMs <= nowMs) continue;
    if (newest === null || follows(key, newest)) newest = key;
  }
  return newest;
}

/**
 * The key that signs where no key's time has come: the one whose time comes first. Null: none.
 *
 * So it is after the clock was put back, and on a server whose clock is behind that of the server that made the first key.
 */
export function firstToSign<Key extends Times>(keys: Iterable<Key>, nowMs: number): Key | null {
  let first: Key | null = null;
  for (const key of keys) {
    if (!verifiesAt(key, nowMs) || key.signsFromMs >= (first?.signsFromMs ?? Number.POSITIVE_INFINITY))
      continue;
    first = key;
  }
  return first;
}

/** Of two that began in the same millisecond, the one that signs for longer came last. */
function follows(key: Times, other: Times): boolean {
  if (key.signsFromMs !== other.signsFromMs) return key.signsFromMs > other.signsFromMs;
  return (key.retiredAtMs ?? Number.POSITIVE_INFINITY) > (other.retiredAtMs ?? Number.POSITIVE_INFINITY);
}

export type KeyState = 'published' | 'signing' | 'retired';

/** `published`: seen by those who verify, and not used yet. */
export function stateOf(
  key: SigningKeyRecord,
  keysOfUse: Iterable<SigningKeyRecord>,
  nowMs: number,
): KeyState {
  if (signingKeyAt(keysOfUse, nowMs)?.kid === key.kid) return 'signing';
  return nowMs < key.signsFromMs ? 'published' : 'retired';
}
