/** Proves the caller of a route that takes the access tokens of every interface. @module */
import { ProblemError, refuse } from '../domain/problem.ts';
import type { AccessTokenFormat } from './access-token.ts';
import { authenticate } from './authenticate.ts';
import type { Core, Principal } from './core.ts';

/** The formats of one interface. */
export type FormatSet = readonly [AccessTokenFormat, ...AccessTokenFormat[]];

/**
 * The first interface whose token it is decides: a token that is one of theirs and expired or ended is tried no further.
 *
 * @throws {ProblemError} as {@link authenticate}
 */
export async function authenticateAtAny(
  core: Core,
  sets: readonly FormatSet[],
  accessToken: string,
  address: string,
): Promise<Principal> {
  for (const formats of sets) {
    try {
      return await authenticate(core, formats, accessToken, address);
    } catch (error) {
      if (!isOfAnother(error)) throw error;
    }
  }
  throw refuse('unauthenticated', 'token_of_no_interface');
}

function isOfAnother(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  const { kind, expired } = error.problem;
  return kind === 'unauthenticated' && expired !== true;
}
