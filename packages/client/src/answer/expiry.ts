/** How long a token lives, from what was configured and what the answer says. @module */
import { memberOf } from '../datatypes/value-path.ts';
import type { Token } from '../plan/token.ts';
import type { Lifetime, TokenPlan } from '../plan/token-plan.ts';

/** What an answer to a token request says about its token's end; undefined: nothing. */
export interface ExpiryClues {
  /** As the response schema declares them. */
  readonly expires: unknown;
  readonly expiresIn: unknown;
  /** The object that the token is a member of. */
  readonly beside: unknown;
  readonly token: string;
}

const usualMarginMs = 60_000;
/** No date is longer, and patterns need not look at what is. */
const longestDate = 64;
/** The last instant that a `Date` can name. */
const lastMs = 8.64e15;

/**
 * @returns epoch milliseconds; null: not known, or past already
 * @see spec, section 8
 */
export function expiryOf(
  lifetime: Lifetime,
  clues: ExpiryClues,
  sentAtMs: number,
  nowMs: number,
): number | null {
  if (lifetime.kind === 'per-call') return null;
  if (lifetime.kind === 'fixed') return sentAtMs + lifetime.lifetimeMs;
  const expiresAtMs =
    instantOf(clues.expires, sentAtMs) ??
    instantOf(clues.expiresIn, sentAtMs) ??
    instantOf(memberOf(clues.beside, 'expires_in'), sentAtMs) ??
    instantOf(memberOf(clues.beside, 'expires'), sentAtMs) ??
    jwtExpiryOf(clues.token);
  return expiresAtMs !== null && expiresAtMs > nowMs ? expiresAtMs : null;
}

/**
 * When a token is no longer used: its expiry less the margin.
 *
 * @returns epoch milliseconds; null: the token is not kept
 */
export function staleAtMs(plan: TokenPlan, token: Token, sentAtMs: number): number | null {
  if (token.expiresAtMs === null || plan.lifetime.kind === 'per-call') return null;
  const quarterMs = (token.expiresAtMs - sentAtMs) / 4;
  return token.expiresAtMs - (plan.lifetime.marginMs ?? Math.min(usualMarginMs, quarterMs));
}

/**
 * A number or numeric text: 1e11 and above epoch milliseconds, 1e9 and above epoch seconds, below seconds from now.
 * Another text: a date, in UTC unless it names a zone.
 */
function instantOf(value: unknown, sentAtMs: number): number | null {
  if (typeof value === 'number') return numericInstant(value, sentAtMs);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (text.length > longestDate) return null;
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? numericInstant(Number(text), sentAtMs) : dateInstant(text);
}

function numericInstant(value: number, sentAtMs: number): number | null {
  if (!Number.isFinite(value)) return null;
  const instantMs = value >= 1e11 ? value : value >= 1e9 ? value * 1000 : sentAtMs + value * 1000;
  return instantMs > lastMs ? null : Math.trunc(instantMs);
}

const isoDate = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const namedZone = /(?:\b(?:GMT|UTC|UT|Z|[ECMP][SD]T)|[+-]\d{2}:?\d{2})(?:\s*\([^)]*\))?$/i;

function dateInstant(text: string): number | null {
  const iso = isoDate.exec(text);
  const spelled = iso
    ? `${iso[1]}T${iso[2] ?? '00:00'}${zoneOf(iso[3] ?? 'Z')}`
    : namedZone.test(text)
      ? text
      : `${text} UTC`;
  const instantMs = Date.parse(spelled);
  return Number.isNaN(instantMs) ? null : instantMs;
}

function zoneOf(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
}

/** The `exp` of a JSON Web Token, read without verifying: the token is not for us. */
function jwtExpiryOf(token: string): number | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
    const seconds = memberOf(claims, 'exp');
    const instantMs = typeof seconds === 'number' ? seconds * 1000 : Number.NaN;
    return Number.isFinite(instantMs) && instantMs <= lastMs ? instantMs : null;
  } catch {
    return null;
  }
}
