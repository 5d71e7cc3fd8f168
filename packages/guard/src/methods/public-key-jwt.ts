/** Bearers of an issuer whose public keys are known, or fetched. @module */
import {
  type BearerRules,
  bearerRules,
  type Claims,
  decodeJsonWebToken,
  type RemoteKeySet,
  RemoteKeysError,
} from '@tessera/token';
import { narrowCaller, principalOfCaller } from '../context/narrow-principal.ts';
import type { ContextLookups } from '../context/request-context.ts';
import { readTokenCaller } from '../context/token-caller.ts';
import type { Credential } from '../request/credential.ts';
import { type BearerCheck, judgeSigned, readBearer, refused } from './bearer-check.ts';
import { type PublicKeysOptions, readPublicKeys } from './jwt-keys.ts';
import type { CheckedRequest, CredentialMethod, Verdict } from './method.ts';

export type PublicJwtOptions = PublicKeysOptions & {
  readonly issuer: string | readonly string[];
  /** Null: not looked at, which is wise only where the issuer makes tokens for nobody else. */
  readonly audience: string | readonly string[] | null;
  /** Default 300. */
  readonly clockSkewSeconds?: number;
  /** Of the header's `typ`, in any letter case; default `JWT`. A token without `typ` passes. */
  readonly type?: string | readonly string[];
  /**
   * The tokens are those of the `nebularstack` dialect, versions 1 and 2: others are refused, `X-Auth-Token` is read as well, and
   * `X-Domain` and `X-Tenant-ID` narrow the principal's scope for one request.
   */
  readonly tenants?: Pick<ContextLookups, 'tenantMembership'>;
};

export function isPublicKeyOptions(options: object): options is PublicJwtOptions {
  return ['publicKey', 'certificate', 'jwks', 'jwksUrl'].some((name) => name in options);
}

export function publicKeyJwt(options: PublicJwtOptions): CredentialMethod {
  if ('signingKey' in options) throw new TypeError('a jwt method has a signingKey or public keys, not both');
  const { keys, remote } = readPublicKeys(options);
  const check: BearerCheck = { keys, rules: rulesOf(options), types: typesOf(options.type ?? 'JWT') };
  const { tenants } = options;

  const judge = (credential: Credential, request: CheckedRequest): Verdict | Promise<Verdict> | null => {
    if (credential.kind === 'basic') return refused('malformed');
    const signed = readBearer(check, credential.token);
    if ('refusal' in signed) return signed.lacksKey ? null : refused(signed.refusal);
    const verdict = judgeSigned(check, credential.token, signed, request);
    if (tenants === undefined) return verdict;
    const scoped = (judged: Verdict): Verdict => scopedVerdict(judged, signed.claims as Claims, tenants);
    return verdict instanceof Promise ? verdict.then(scoped) : scoped(verdict);
  };
  const keyNotFound = refused('signature_key_not_found');

  return {
    role: 'credentials',
    name: 'jwt',
    credentials: tenants === undefined ? ['bearer'] : ['bearer', 'x-auth-token'],
    challenge: 'Bearer',
    check(credential, request) {
      const verdict = judge(credential, request);
      if (verdict !== null) return verdict;
      // No stranger's token causes a request to the key server, nor waits for it.
      if (remote === null || !claimsIssuer(credential, check.rules)) return keyNotFound;
      return afterLoading(remote, () => judge(credential, request) ?? keyNotFound);
    },
    ...(remote === null ? {} : { metrics: () => metricsOf(remote) }),
  };
}

/** There are keys, if old ones, or 503: never a refusal of what could not be looked at. */
async function afterLoading(remote: RemoteKeySet, judge: () => Verdict | Promise<Verdict>): Promise<Verdict> {
  try {
    await remote.load();
  } catch (error) {
    if (error instanceof RemoteKeysError) return { kind: 'unavailable', retryAfterSeconds: 30 };
    throw error;
  }
  return judge();
}

/** What the token says of itself, unverified: good enough to refuse it. */
function claimsIssuer(credential: Credential, { issuers }: BearerRules): boolean {
  if (credential.kind === 'basic' || issuers === null) return false;
  return issuers.includes(decodeJsonWebToken(credential.token).issuer ?? '');
}

function scopedVerdict(
  verdict: Verdict,
  claims: Claims,
  tenants: Pick<ContextLookups, 'tenantMembership'>,
): Verdict {
  if (verdict.kind !== 'accepted') return verdict;
  const caller = readTokenCaller(claims);
  // Version 3 is to be asked about at every use, which this method does not.
  if (caller === null || caller.version === 3) return refused('malformed');
  const principal = principalOfCaller(caller, claims);
  const lookups: ContextLookups = { ...tenants, enterScope: () => ({ kind: 'refused' }) };
  return { ...verdict, principal, narrow: narrowCaller(caller, claims, principal, lookups) };
}

function rulesOf({ issuer, audience, clockSkewSeconds }: PublicJwtOptions): BearerRules {
  if (issuer === undefined || audience === undefined) {
    throw new TypeError('a jwt method with public keys says which issuer and audience it expects');
  }
  const skew = clockSkewSeconds === undefined ? {} : { clockSkewSeconds };
  const rules = bearerRules({ issuer, ...(audience === null ? {} : { audience }), ...skew });
  return audience === null ? { ...rules, audiences: null } : rules;
}

function typesOf(type: string | readonly string[]): readonly string[] {
  return (typeof type === 'string' ? [type] : type).map((name) => name.toLowerCase());
}

function metricsOf({ state }: RemoteKeySet): Readonly<Record<string, number>> {
  const { keys, ageMs, freshness, fetches, failures } = state;
  return {
    keys,
    keysAgeSeconds: ageMs === null ? -1 : ageMs / 1000,
    keysUsable: freshness === 'fresh' || freshness === 'ageing' ? 1 : 0,
    keyFetches: fetches,
    keyFetchFailures: failures,
  };
}
