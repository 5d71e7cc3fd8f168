/** How long a revocation matters, by how long the access tokens of each interface live. @module */
import type { TokenLives } from '../domain/revocation.ts';
import type { AccessTokenFormat } from './access-token.ts';

/** Where nothing tells how long a token may live. */
const atLeastSeconds = 86_400;
const marginSeconds = 900;
/** Tokens without an end are checked by asking the server; a guard may remember the answer for a minute. */
const askedAboutSeconds = 60;

/** @param longestSessionSeconds longest life of a session whose token lives as long as itself */
export function tokenLives(formats: readonly AccessTokenFormat[], longestSessionSeconds: number): TokenLives {
  const secondsByFace = new Map<string, number>();
  for (const { face, lifetime } of formats) {
    if (lifetime.kind === 'endless') secondsByFace.set(face, askedAboutSeconds);
    else if (lifetime.kind !== 'session') secondsByFace.set(face, lifetime.seconds);
  }
  const longestSeconds = Math.max(atLeastSeconds, longestSessionSeconds, ...secondsByFace.values());
  return { secondsByFace, longestSeconds, marginSeconds };
}
