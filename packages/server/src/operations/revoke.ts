/** Ends a session by its refresh token, for whoever proves to have a say in it. @module */
import type { HeldSession } from '../domain/holder.ts';
import { refuse } from '../domain/problem.ts';
import { endSession } from '../domain/session.ts';
import type { SessionChange } from '../store/database.ts';
import { audit } from './audit.ts';
import { checkPassword, type PasswordProof, refuseWhileChallenged } from './check-password.ts';
import type { Core, Origin } from './core.ts';

/** The id that came with the token, or its user's password. */
export type RevokeProof =
  | { readonly kind: 'client'; readonly clientId: string }
  | ({ readonly kind: 'user' } & PasswordProof);

export interface RevokeRequest {
  /** The interface asked; it ends only sessions it has opened. */
  readonly face: string;
  readonly origin: Origin;
  readonly refreshToken: string;
  readonly proof: RevokeProof;
}

/**
 * Any generation of a session's token ends it; ending an ended one again is fine, as long as its record is kept.
 *
 * @throws {ProblemError} `wrong_credentials` before the token is looked at; `invalid_token` for all else, alike
 */
export async function revoke(
  core: Core,
  { face, origin, refreshToken, proof }: RevokeRequest,
): Promise<void> {
  const allowed = await holderOf(core, proof, origin);
  const claim = core.refreshTokens.read(refreshToken);
  if (claim === null) throw refuse('invalid_token', 'malformed_refresh_token');
  const decide = ({ session }: HeldSession): SessionChange<'done' | 'refused'> => {
    const proved = session.kind === 'refresh' && core.refreshTokens.proves(refreshToken, session);
    if (!proved || session.face !== face || !allowed({ session }))
      return { session: null, result: 'refused' };
    if (session.endedAtMs !== null) return { session: null, result: 'done' };
    const told = { reason: 'revoked', actorId: session.userId, target: session.id };
    const writes = [audit(core, origin, 'session_ended', told)];
    return { session: endSession(session, 'revoked', core.clock()), writes, result: 'done' };
  };
  const result = await core.database.changeSession(claim.sessionId, decide);
  if (result !== 'done')
    throw refuse('invalid_token', result === null ? 'unknown_session' : 'revoke_proof_does_not_fit');
}

/** Which sessions this proof has a say in. */
async function holderOf(
  core: Core,
  proof: RevokeProof,
  origin: Origin,
): Promise<(held: Pick<HeldSession, 'session'>) => boolean> {
  if (proof.kind === 'client') return ({ session }) => session.id === proof.clientId.toLowerCase();
  const checked = await checkPassword(core, proof, origin);
  refuseWhileChallenged(checked);
  return ({ session }) => session.userId === checked.user.id;
}
