/** Grants tokens in the form of the original, offline: whoever holds the key can. @module */
import { randomUUID } from 'node:crypto';
import { hashClaim, nameClaim, roleClaim } from '../claim-names.ts';
import { signToken } from '../sign-token.ts';
import type { JsonValue } from '../strict-json.ts';
import { defaultAudience, defaultIssuer, defaultSigningKey, defaultSubject } from './defaults.ts';
import { expirySeconds } from './expiry.ts';
import { payloadEntries, type TokenPayload } from './payload.ts';
import { sharedSigningKey, warningsOfKey } from './signing-key.ts';
import { type Warn, warnProcessOnce } from './warnings.ts';

export interface GrantOptions {
  /** Who the token is for. Exactly one of `identity`, `userName` and `application`, which mean the same. */
  readonly identity?: string;
  readonly userName?: string;
  readonly application?: string;
  /** Default `poshud.com`. */
  readonly issuer?: string;
  /** Default `UniversalDashboard`. */
  readonly audience?: string;
  /** Default `UniversalDashboard`. */
  readonly subject?: string;
  /** Default `default_signing_key`, with a warning: everybody knows it. Text counts as its UTF-8 bytes. */
  readonly signingKey?: string | Uint8Array;
  /** Default: the same moment of the next year, in UTC. */
  readonly expiry?: Date;
  readonly roles?: string | readonly string[];
  /** Further claims, in this order; a Map keeps also the order of names such as `10`. */
  readonly payload?: TokenPayload;
  /** The token's id, a GUID. Default: a random one. */
  readonly hash?: string;
  /** Default: the present moment. */
  readonly now?: Date;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * A token signed with HS256 whose claims are, in this order: name, hash, `sub`, role, `nbf`, `exp`, `iss`, `aud`, the payload.
 *
 * @param warn where a weak key and a far expiry are reported; default: once in the life of the process, as its warning
 * @throws {TypeError} for options that contradict themselves, are of another type, or would forge a claim
 * @throws {KeyError} for the text of a key of another kind, which is no secret
 */
export function grantJsonWebToken(options: GrantOptions, warn: Warn = warnProcessOnce): string {
  const identity = identityOf(options);
  const roles = rolesOf(options.roles);
  const now = options.now ?? new Date();
  const notBefore = Math.floor(timeOf(now, 'now') / 1000);
  const claims: (readonly [string, JsonValue])[] = [
    [nameClaim, identity],
    [hashClaim, hashOf(options.hash)],
    ['sub', textOf(options.subject ?? defaultSubject, 'subject')],
    ...(roles.length === 0 ? [] : [[roleClaim, roles.length === 1 ? (roles[0] as string) : roles] as const]),
    ['nbf', notBefore],
    ['exp', expirySeconds(now, options.expiry ?? null, warn)],
    ['iss', textOf(options.issuer ?? defaultIssuer, 'issuer')],
    ['aud', textOf(options.audience ?? defaultAudience, 'audience')],
    ...payloadEntries(options.payload ?? {}),
  ];
  const { signingKey = defaultSigningKey } = options;
  const key = sharedSigningKey(signingKey);
  for (const warning of warningsOfKey(signingKey)) warn(warning);
  return signToken(key, writeInOrder(claims));
}

/** One by one: of an object, JavaScript would write names such as `10` first. */
function writeInOrder(claims: readonly (readonly [string, JsonValue])[]): string {
  return `{${claims.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

function identityOf({ identity, userName, application }: GrantOptions): string {
  const given = [identity, userName, application].filter((name) => name !== undefined);
  if (given.length !== 1) throw new TypeError('give exactly one of identity, userName and application');
  return textOf(given[0], 'identity');
}

function rolesOf(roles: unknown): string[] {
  if (roles === undefined) return [];
  const list = Array.isArray(roles) ? roles : [roles];
  return list.map((role) => textOf(role, 'role'));
}

function hashOf(hash: unknown): string {
  if (hash === undefined) return randomUUID();
  if (typeof hash === 'string' && guid.test(hash)) return hash.toLowerCase();
  throw new TypeError('hash is a GUID');
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '' && value.isWellFormed()) return value;
  throw new TypeError(`${name} is text that is not empty`);
}

/** @throws {TypeError} for what is no date */
function timeOf(date: Date, name: string): number {
  const time = date instanceof Date ? date.getTime() : Number.NaN;
  if (Number.isNaN(time)) throw new TypeError(`${name} is not a valid date`);
  return time;
}
