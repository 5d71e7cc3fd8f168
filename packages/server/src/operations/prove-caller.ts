/** Proves by password that the holder of an access token is its user: asked for before secrets are handed out or changed. @module */
import type { GuessLimits } from '../domain/guessing.ts';
import { refuse } from '../domain/problem.ts';
import { findDomain } from '../store/domains.ts';
import { type CheckedUser, checkPassword, type PasswordProof } from './check-password.ts';
import type { Caller, Core } from './core.ts';
import { requireStandardToken } from './manage-rights.ts';

/** What a caller proves to be the token's user by. */
export interface CallerProof {
  readonly password: string;
  /** Looked at where a second factor is demanded and the user has one. */
  readonly otp: string | null;
  readonly guessLimits: GuessLimits;
}

/** The proof of a sign-in by the token's user, counted under the same name. */
export async function proofOf(
  core: Core,
  { principal }: Caller,
  proof: CallerProof,
  secondFactor: PasswordProof['secondFactor'],
): Promise<PasswordProof> {
  const home = await findDomain(core.database, principal.homeDomainId);
  const { connection, username } = principal;
  return { ...proof, account: { domain: home?.name ?? null, connection, username }, secondFactor };
}

/**
 * @throws {ProblemError} `forbidden` for a minimal token; `wrong_credentials`, `challenge`, `too_many_attempts`
 */
export async function proveCaller(
  core: Core,
  caller: Caller,
  proof: CallerProof,
  secondFactor: PasswordProof['secondFactor'],
): Promise<CheckedUser> {
  requireStandardToken(caller);
  const checked = await checkPassword(core, await proofOf(core, caller, proof, secondFactor), caller.origin);
  // The name may have been given to somebody else since the token was made.
  if (checked.user.id !== caller.principal.userId) throw refuse('wrong_credentials', 'another_user');
  return checked;
}
