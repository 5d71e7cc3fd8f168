/** Trades an access token, live or expired, and its session's refresh token for a new access token. @module */

import type { GuessLimits } from '../domain/guessing.ts';
import type { HeldSession } from '../domain/holder.ts';
import { standingFault } from '../domain/holder.ts';
import { refuse } from '../domain/problem.ts';
import { type RefreshRefusal, useSession } from '../domain/session.ts';
import type { NamedScope } from '../domain/tenancy.ts';
import type { Configuration } from '../store/configuration.ts';
import type { SessionChange } from '../store/database.ts';
import { audit } from './audit.ts';
import { configured } from './configured.ts';
import type { Core, Origin } from './core.ts';
import { entered } from './enter-scope.ts';
import { type Grant, grantOf } from './grant.ts';
import { countFailedAttempt, guessKeysOf } from './guesses.ts';
import { type PresentedToken, presentToken } from './present-token.ts';
import { tokenExpired, type VerifiedAccessToken } from './verify-access-token.ts';

export interface PairRequest extends PresentedToken {
  readonly origin: Origin;
  readonly refreshToken: string;
  readonly guessLimits: GuessLimits;
  /** The scope of the new token; `kept`: that of the token shown. */
  readonly scope: NamedScope | 'kept';
}

type Outcome =
  | { readonly kind: 'granted'; readonly held: HeldSession; readonly configuration: Configuration }
  /** Not a token of this session at all. */
  | { readonly kind: 'forged'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: RefreshRefusal };

/**
 * The refresh token stays as it is and lives anew. Nothing changes unless all is well.
 *
 * @throws {ProblemError} `unauthenticated`; `invalid_token` for a refresh token of another session, or one that ended;
 *   `session_ended` when the user is suspended; `forbidden`
 */
export async function renewPair(core: Core, request: PairRequest): Promise<Grant> {
  const token = await presentToken(core, request);
  const outcome = await decideOn(core, request, token);
  if (outcome.kind === 'forged') {
    await countForgery(core, request, token, outcome.reason);
    throw refuse('invalid_token', outcome.reason);
  }
  if (outcome.kind === 'refused')
    throw outcome.reason === 'refresh_token_expired'
      ? tokenExpired('invalid_token')
      : refuse('invalid_token', outcome.reason);
  const { held, configuration } = outcome;
  return grantOf(core, configured(core, configuration), token.format, held, core.clock(), {
    parentTokenId: token.tokenId,
    provedRefreshToken: request.refreshToken,
  });
}

async function decideOn(core: Core, request: PairRequest, token: VerifiedAccessToken): Promise<Outcome> {
  const { refreshToken, scope } = request;
  const claim = core.refreshTokens.read(refreshToken);
  if (claim === null) return { kind: 'forged', reason: 'malformed_refresh_token' };
  if (claim.sessionId !== token.sessionId)
    return { kind: 'forged', reason: 'refresh_token_of_another_session' };
  const nowMs = core.clock();
  const decide = (held: HeldSession, configuration: Configuration): SessionChange<Outcome> => {
    const { session, holder } = held;
    if (session.face !== token.format.face || !core.refreshTokens.proves(refreshToken, session))
      return { session: null, result: { kind: 'forged', reason: 'forged_refresh_token' } };
    const decision = useSession(session, claim.generation, configured(core, configuration).policy, nowMs);
    if (decision.outcome === 'refused') {
      const ended = decision.write === 'yes' ? decision.session : null;
      return { session: ended, result: { kind: 'refused', reason: decision.reason } };
    }
    const fault = standingFault(holder, nowMs);
    if (fault !== null) throw refuse('session_ended', fault);
    entered(holder, token.format.entry);
    const { domainId, tenantId } = holder;
    const used = { ...decision.session, domainId, tenantId, usedFrom: request.origin.address };
    // The row's scope is for those who look at lists: by itself it is not worth a write.
    const write = decision.write === 'yes' ? used : null;
    return { session: write, result: { kind: 'granted', held: { session: used, holder }, configuration } };
  };
  const wanted = scope === 'kept' ? token.scope : scope;
  const outcome = await core.database.changeSession(token.sessionId, decide, wanted);
  return outcome ?? { kind: 'refused', reason: 'session_ended' };
}

/** Counts under the name of the access token's user, like a wrong password. */
async function countForgery(
  core: Core,
  { origin, guessLimits }: PairRequest,
  { sessionId }: VerifiedAccessToken,
  reason: string,
): Promise<void> {
  const found = await core.database.findHeldSession(sessionId);
  if (found === null) return;
  const { homeDomainName: domain, connection, username, userId } = found.held.holder;
  const keys = guessKeysOf({ domain, connection, username }, origin.address);
  await core.database.write([
    ...countFailedAttempt(core, keys, guessLimits),
    audit(core, origin, 'refresh', { outcome: 'refused', reason, target: userId }),
  ]);
}
