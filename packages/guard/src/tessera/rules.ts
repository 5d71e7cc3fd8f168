/** What the options of `tessera` mean for its tokens. @module */
import { type BearerRules, bearerRules } from '@tessera/token';
import type { TesseraOptions } from './options.ts';
import { issuerOf } from './server-address.ts';

/** Revocations are told for longer than this after a token's end. */
const mostSkewSeconds = 600;

/** @throws {TypeError} */
export function tesseraRules(options: TesseraOptions, server: URL): BearerRules {
  const { issuer = issuerOf(server), audience, clockSkewSeconds = 30 } = options;
  if (clockSkewSeconds > mostSkewSeconds)
    throw new TypeError(`clockSkewSeconds is at most ${mostSkewSeconds}`);
  const rules = bearerRules({ issuer, clockSkewSeconds, ...(audience === undefined ? {} : { audience }) });
  return audience === undefined ? { ...rules, audiences: null } : rules;
}

/** @throws {TypeError} */
export function staleAfterMs({ maxStaleSeconds = 300 }: Pick<TesseraOptions, 'maxStaleSeconds'>): number {
  if (Number.isFinite(maxStaleSeconds) && maxStaleSeconds > 0) return maxStaleSeconds * 1000;
  throw new TypeError('maxStaleSeconds is a number of seconds above 0');
}
