/** What is expected of a bearer, as options give it. @module */
import type { BearerRules } from './check-claims.ts';
import { defaultAudience, defaultClockSkewSeconds, defaultIssuer } from './defaults.ts';

export interface RuleOptions {
  /** Default `poshud.com`; of several, any. */
  readonly issuer?: string | readonly string[];
  /** Default `UniversalDashboard`; of several, any. */
  readonly audience?: string | readonly string[];
  /** Default 300. */
  readonly clockSkewSeconds?: number;
}

/** @throws {TypeError} for an empty list or text, or a skew that is not a number of seconds */
export function bearerRules(options: RuleOptions): BearerRules {
  return {
    issuers: namesOf(options.issuer ?? defaultIssuer, 'issuer'),
    audiences: namesOf(options.audience ?? defaultAudience, 'audience'),
    clockSkewSeconds: skewOf(options.clockSkewSeconds ?? defaultClockSkewSeconds),
  };
}

/** A copy, so that a list that is changed later changes nothing. */
function namesOf(names: string | readonly string[], what: string): readonly string[] {
  const list = typeof names === 'string' ? [names] : Array.from(names);
  if (list.length > 0 && list.every((name) => typeof name === 'string' && name !== '')) return list;
  throw new TypeError(`${what} is one or more texts that are not empty`);
}

function skewOf(seconds: number): number {
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new TypeError('clockSkewSeconds is a number of seconds');
}
