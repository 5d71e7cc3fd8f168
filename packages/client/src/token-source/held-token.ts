/** A token in hand, and what must be known of it when it is refused. @module */
import { hash } from 'node:crypto';
import type { Secret } from '@tessera/token';
import type { Secrets } from '../plan/secrets.ts';
import type { Token } from '../plan/token.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { Header } from '../plan/wire.ts';

export type Origin = 'request' | 'refresh' | 'stub' | 'configuration';

export interface HeldToken extends Token {
  /** Eight characters that tell one token from another. */
  readonly fingerprint: string;
  /** Epoch milliseconds from which it is stale; null: not kept. */
  readonly staleAtMs: number | null;
  /** Of the flight that brought it. */
  readonly flight: number;
  readonly by: Origin;
  /** The credentials it was asked for with, for formats that name them. */
  readonly secrets: Secrets;
  /** What it becomes in every call by this plan, once it was made; headers null: it depends on the call. */
  placed?: { readonly by: TokenPlan; readonly headers: readonly Header[] | null };
}

export function fingerprintOf(token: Secret): string {
  return hash('sha256', token.reveal(), 'hex').slice(0, 8);
}

/** Whether a call that failed with the one would fail with the other. */
export function isSameToken(one: HeldToken, other: HeldToken): boolean {
  if (one.token.reveal() !== other.token.reveal()) return false;
  if (one.tokenp2?.reveal() !== other.tokenp2?.reveal()) return false;
  return one.by !== 'configuration' || sameSecrets(one.secrets, other.secrets);
}

function sameSecrets(one: Secrets, other: Secrets): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Secrets>;
  return [...names].every((name) => textOf(one[name]) === textOf(other[name]));
}

export function textOf(secret: Secrets[keyof Secrets]): string {
  return typeof secret === 'string' ? secret : (secret?.reveal() ?? '');
}
