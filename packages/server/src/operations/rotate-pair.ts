/** Trades a pair of access and refresh token, each used once, for the next pair of its session. @module */
import type { GuessLimit } from '../domain/guessing.ts';
import { type HeldSession, suspensionOf } from '../domain/holder.ts';
import { type Problem, ProblemError, refuse } from '../domain/problem.ts';
import { type RefreshRefusal, renewSession, type Session } from '../domain/session.ts';
import { freeNames } from '../store/api-tokens.ts';
import type { Configuration } from '../store/configuration.ts';
import type { SessionChange } from '../store/database.ts';
import { countGuess } from '../store/guesses.ts';
import { type AccessTokenFormat, endOfToken } from './access-token.ts';
import { audit } from './audit.ts';
import { configured } from './configured.ts';
import type { Core, Origin } from './core.ts';
import { type Grant, grantOf } from './grant.ts';
import { guessKeyOf, refuseWhileSlowed } from './guesses.ts';
import { verifyAccessToken } from './verify-access-token.ts';
import { verifyAtFirst } from './verify-at-first.ts';

export interface ShownPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface RotationRequest {
  readonly origin: Origin;
  /** Null: not both were shown. */
  readonly pair: ShownPair | null;
}

type Outcome =
  | { readonly kind: 'granted'; readonly held: HeldSession; readonly configuration: Configuration }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * A pair whose answer was lost is given again: the same refresh token, and an access token with the same end.
 *
 * The access token proves which session is meant; how old it is and of which generation does not matter. Only a refresh
 * token that was used before changes anything without success: it ends the session.
 *
 * @throws {ProblemError} `unauthenticated` for the access token; `invalid_token` for all else; `too_many_attempts` instead
 *   of either for an address that has failed too often, which no good pair is kept back by
 */
export async function rotatePair(
  core: Core,
  format: AccessTokenFormat,
  request: RotationRequest,
): Promise<Grant> {
  try {
    if (request.pair === null) throw refuse('invalid_token', 'incomplete_pair');
    return await rotate(core, format, request.pair, request.origin);
  } catch (error) {
    if (error instanceof ProblemError) await recordFailure(core, request, error.problem);
    throw error;
  }
}

async function rotate(
  core: Core,
  format: AccessTokenFormat,
  { accessToken, refreshToken }: ShownPair,
  origin: Origin,
): Promise<Grant> {
  const nowMs = core.clock();
  const { token, configuration: verifiedBy } = await verifyAtFirst(core, [format], accessToken, nowMs);
  const claim = core.refreshTokens.read(refreshToken);
  if (claim === null) throw refuse('invalid_token', 'malformed_refresh_token');
  if (claim.sessionId !== token.sessionId) throw refuse('invalid_token', 'refresh_token_of_another_session');
  const shown = { refreshToken, generation: claim.generation, origin, nowMs };
  const decide = (held: HeldSession, configuration: Configuration): SessionChange<Outcome> => {
    // Its key may be gone by now.
    if (configuration !== verifiedBy) verifyAccessToken(core, configuration, [format], accessToken, nowMs);
    return decideOn(core, format, shown, held, configuration);
  };
  const outcome = await core.database.changeSession(token.sessionId, decide);
  if (outcome === null) throw refuse('invalid_token', 'unknown_session');
  if (outcome.kind === 'refused') throw refuse('invalid_token', outcome.reason);
  const rules = configured(core, outcome.configuration);
  const { held } = outcome;
  const grant = grantOf(core, rules, format, held, nowMs, {
    provedRefreshToken: refreshToken,
    // Counted from when the pair was made, so that one given again ends when the first did.
    expiresAtSeconds: endOfToken(format, held.session, rules.policy, held.session.issuedAtMs),
  });
  rules.ownTokens.remember(grant.accessToken);
  return grant;
}

interface Shown {
  readonly refreshToken: string;
  /** As its text says. */
  readonly generation: number;
  readonly origin: Origin;
  readonly nowMs: number;
}

function decideOn(
  core: Core,
  format: AccessTokenFormat,
  { refreshToken, generation, origin, nowMs }: Shown,
  held: HeldSession,
  configuration: Configuration,
): SessionChange<Outcome> {
  const { session, holder } = held;
  if (session.face !== format.face || !core.refreshTokens.proves(refreshToken, session))
    return refused('forged_refresh_token');
  if (session.endedAtMs !== null) return refused(session.endReason ?? 'session_ended');
  const fault = suspensionOf(holder, format.entry, nowMs);
  if (fault !== null) return refused(fault);
  const decision = renewSession(session, generation, configured(core, configuration).policy, nowMs);
  if (decision.outcome === 'refused')
    return decision.write === 'no'
      ? refused(decision.reason)
      : endOf(core, origin, decision.session, decision.reason, generation);
  if (decision.write === 'no') return { session: null, result: { kind: 'granted', held, configuration } };
  const renewed = { ...decision.session, usedFrom: origin.address };
  const told = {
    actorId: session.userId,
    target: session.id,
    detail: { generation: pairNumber(renewed.generation) },
  };
  return {
    session: renewed,
    writes: [audit(core, origin, 'api_token_renewed', told)],
    result: { kind: 'granted', held: { session: renewed, holder }, configuration },
  };
}

function refused(reason: string): SessionChange<Outcome> {
  return { session: null, result: { kind: 'refused', reason } };
}

/** Somebody else has, or had, the pair: nobody can use it any more, and its name is free. */
function endOf(
  core: Core,
  origin: Origin,
  session: Session,
  reason: RefreshRefusal,
  generation: number,
): SessionChange<Outcome> {
  const { userId: actorId, id: target } = session;
  const detail = { generation: pairNumber(generation) };
  const told = { outcome: 'refused', reason, actorId, target, detail } as const;
  const writes = [audit(core, origin, 'refresh_token_reused', told), ...freeNames(core.database, [target])];
  return { session, writes, result: { kind: 'refused', reason } };
}

/** Pairs are counted from 0. */
const pairNumber = (generation: number): number => generation - 1;

/** Nobody guesses a pair; but whoever tries shall not fill the audit log. */
const failureLimit: GuessLimit = {
  failures: 100,
  windowMs: 900_000,
  firstLockMs: 60_000,
  longestLockMs: 3_600_000,
};

async function recordFailure(
  core: Core,
  { origin, pair }: RotationRequest,
  { kind, reason }: Problem,
): Promise<void> {
  if (kind !== 'unauthenticated' && kind !== 'invalid_token') return;
  const key = guessKeyOf('renewal', origin.address);
  await refuseWhileSlowed(core, [key]);
  const target = core.refreshTokens.read(pair?.refreshToken ?? '')?.sessionId ?? null;
  const isTold = reason === 'refresh_token_reused' || reason === 'refresh_token_ahead';
  await core.database.write([
    countGuess(core.database, key, failureLimit, core.clock()),
    ...(isTold ? [] : [audit(core, origin, 'refresh', { outcome: 'refused', reason, target })]),
  ]);
}
