/** What a vault keeps for one host: a pair of tokens, under a name that says for which. @module */
import { Secret } from '@tessera/token';
import { InputError } from '../input-error.ts';

/** One of several registrations of the same host. */
const identifierForm = /^[A-Za-z0-9._@-]{1,64}$/;
/** Longer than any token, shorter than what a header can carry. */
const longestToken = 16_384;
const tokenForm = /^[\x21-\x7e]+$/;

export interface PairOwner {
  /** As {@link parseCloudHost} gives it. */
  readonly fqdn: string;
  readonly identifier: string | null;
}

export interface PairRecord extends PairOwner {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  /** Null: it does not say. */
  readonly accessExpiresAtMs: number | null;
  readonly refreshExpiresAtMs: number | null;
  readonly storedAtMs: number;
}

/** `us.nectar.services-accesstoken`, `us.nectar.services-nightly-accesstoken` */
export function secretNameOf({ fqdn, identifier }: PairOwner): string {
  return identifier === null ? `${fqdn}-accesstoken` : `${fqdn}-${identifier}-accesstoken`;
}

/** @throws {InputError} */
export function requireIdentifier(text: string): string {
  if (identifierForm.test(text)) return text;
  throw new InputError('an identifier has 1 to 64 letters, digits and the characters . _ @ -');
}

/** @throws {InputError} the text is not repeated */
export function requireToken(what: 'access token' | 'refresh token', text: string): Secret {
  if (tokenForm.test(text) && text.length <= longestToken) return new Secret(text);
  throw new InputError(
    `the ${what} is one word of printable characters; copy it whole, without spaces or quotes`,
  );
}

export function isOf(record: PairOwner, owner: PairOwner): boolean {
  return record.fqdn === owner.fqdn && record.identifier === owner.identifier;
}

export function formatRecord(record: PairRecord): string {
  return JSON.stringify({
    v: 1,
    kind: 'nectar',
    fqdn: record.fqdn,
    identifier: record.identifier,
    accessToken: record.accessToken.reveal(),
    refreshToken: record.refreshToken.reveal(),
    accessExpiresAt: wireTime(record.accessExpiresAtMs),
    refreshExpiresAt: wireTime(record.refreshExpiresAtMs),
    storedAt: wireTime(record.storedAtMs),
  });
}

/** Null: something else is kept under that name. */
export function parseRecord(text: string): PairRecord | null {
  const value = parseObject(text);
  if (value?.v !== 1 || value.kind !== 'nectar') return null;
  const { fqdn, identifier = null, accessToken, refreshToken } = value;
  const isNamed = typeof fqdn === 'string' && (identifier === null || typeof identifier === 'string');
  if (!isNamed || typeof accessToken !== 'string' || typeof refreshToken !== 'string') return null;
  return {
    fqdn,
    identifier,
    accessToken: new Secret(accessToken),
    refreshToken: new Secret(refreshToken),
    accessExpiresAtMs: readTime(value.accessExpiresAt),
    refreshExpiresAtMs: readTime(value.refreshExpiresAt),
    storedAtMs: readTime(value.storedAt) ?? 0,
  };
}

/** When a JWT ends by its own word; null: it is none, or does not say. Nothing is verified: the server does that. */
export function expiryOf(token: Secret): number | null {
  return claimMs(token, 'exp');
}

/** How long a JWT lives from beginning to end; null: it is none, or does not say. */
export function lifetimeOf(token: Secret): number | null {
  const [fromMs, toMs] = [claimMs(token, 'iat'), claimMs(token, 'exp')];
  return fromMs === null || toMs === null ? null : toMs - fromMs;
}

function claimMs(token: Secret, claim: 'iat' | 'exp'): number | null {
  const payload = Buffer.from(token.reveal().split('.')[1] ?? '', 'base64url').toString('utf8');
  const seconds = parseObject(payload)?.[claim];
  const isTime = typeof seconds === 'number' && Number.isFinite(seconds) && Math.abs(seconds) < 8.64e12;
  return isTime ? seconds * 1000 : null;
}

function wireTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function readTime(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
