/** Trades a refresh token for an access token, and for the next refresh token where that is asked for. @module */
import type { HeldSession } from '../domain/holder.ts';
import { suspensionOf } from '../domain/holder.ts';
import { refuse } from '../domain/problem.ts';
import {
  endSession,
  grantSession,
  type RefreshDecision,
  renewSession,
  useSession,
} from '../domain/session.ts';
import type { Configuration } from '../store/configuration.ts';
import type { SessionChange } from '../store/database.ts';
import { insertSession } from '../store/sessions.ts';
import type { AccessTokenFormat } from './access-token.ts';
import { audit } from './audit.ts';
import { type Configured, configured } from './configured.ts';
import type { Core, Origin } from './core.ts';
import { enterDomain, namesAnotherDomain } from './enter-domain.ts';
import { type Grant, grantOf } from './grant.ts';
import { accessOnly, newSession } from './new-session.ts';

export interface RefreshRequest {
  readonly format: AccessTokenFormat;
  readonly origin: Origin;
  readonly refreshToken: string;
  /** `plain`: the token stays as it is; `renew`: it is spent for its successor. */
  readonly renewal: 'plain' | 'renew';
  /** Name or id of the domain the access token is for; null: the session's own. Another one ends the presented token. */
  readonly domain: string | null;
}

/** What the look at the session found. */
type Outcome =
  | { readonly kind: 'granted'; readonly held: HeldSession; readonly configured: Configured }
  | { readonly kind: 'elsewhere'; readonly held: HeldSession }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * @throws {ProblemError} `invalid_token` whatever is wrong with the token, its session or its user; `forbidden` for a
 *   domain the user may not enter, with nothing spent
 */
export async function refresh(core: Core, request: RefreshRequest): Promise<Grant> {
  const claim = core.refreshTokens.read(request.refreshToken);
  if (claim === null) throw refuse('invalid_token', 'malformed_refresh_token');
  const nowMs = core.clock();
  const decide = (held: HeldSession, configuration: Configuration): SessionChange<Outcome> => {
    const rules = configured(core, configuration);
    const fault = faultOf(core, request, held, nowMs);
    if (fault !== null) return unchanged({ kind: 'refused', reason: fault });
    const { domainId: id, domainName: name } = held.holder;
    if (namesAnotherDomain(request.domain, { id, name })) return unchanged({ kind: 'elsewhere', held });
    const step = request.renewal === 'renew' ? renewSession : useSession;
    const decision = step(held.session, claim.generation, rules.policy, nowMs);
    if (decision.outcome === 'refused') return refused(core, request, decision);
    const granted = { ...decision.session, usedFrom: request.origin.address };
    return {
      session: decision.write === 'yes' ? granted : null,
      result: { kind: 'granted', held: { ...held, session: granted }, configured: rules },
    };
  };
  const outcome = await core.database.changeSession(claim.sessionId, decide);
  if (outcome === null) throw refuse('invalid_token', 'unknown_session');
  if (outcome.kind === 'refused') throw refuse('invalid_token', outcome.reason);
  if (outcome.kind === 'elsewhere')
    return await refreshElsewhere(core, request, claim.generation, outcome.held);
  return grantOf(core, outcome.configured, request.format, outcome.held, nowMs, {
    provedRefreshToken: request.refreshToken,
  });
}

/** What is wrong with a presented token, before its generation is looked at; changes nothing. */
function faultOf(
  core: Core,
  { format, refreshToken }: RefreshRequest,
  held: HeldSession,
  nowMs: number,
): string | null {
  const { session } = held;
  if (session.kind !== 'refresh' || !core.refreshTokens.proves(refreshToken, session))
    return 'forged_refresh_token';
  if (session.face !== format.face) return 'token_of_another_interface';
  return suspensionOf(held.holder, format.entry, nowMs);
}

function unchanged(result: Outcome): SessionChange<Outcome> {
  return { session: null, result };
}

/** Nothing is written, or the session's end with the audit entry that says why. */
function refused(
  core: Core,
  { origin }: RefreshRequest,
  { reason, session, write }: RefreshDecision & { outcome: 'refused' },
): SessionChange<Outcome> {
  const result: Outcome = { kind: 'refused', reason };
  if (write === 'no') return unchanged(result);
  const told = { outcome: 'refused', reason, actorId: session.userId, target: session.id } as const;
  return { session, writes: [audit(core, origin, 'refresh_token_reused', told)], result };
}

/** Opens a new session in the other domain and ends the presented one, together. */
async function refreshElsewhere(
  core: Core,
  request: RefreshRequest,
  generation: number,
  held: HeldSession,
): Promise<Grant> {
  const { format, origin, domain, renewal } = request;
  const { session } = held;
  const holder = await enterDomain(core, session.userId, domain ?? '');
  const nowMs = core.clock();
  const { amr } = session;
  const open = renewal === 'renew' ? session : { ...session, ...accessOnly(format) };
  const opened = newSession(core, { open, format, holder, amr, origin, nowMs });
  const decide = (fresh: HeldSession, configuration: Configuration): SessionChange<Outcome> => {
    const rules = configured(core, configuration);
    const fault = faultOf(core, request, fresh, nowMs);
    if (fault !== null) return unchanged({ kind: 'refused', reason: fault });
    const decision = useSession(fresh.session, generation, rules.policy, nowMs);
    if (decision.outcome === 'refused') return refused(core, request, decision);
    const { authenticatedAtMs } = session;
    const moved = grantSession({ ...opened, authenticatedAtMs }, rules.policy);
    const writes = [
      insertSession(core.database, moved),
      audit(core, origin, 'session_ended', {
        reason: 'moved_to_another_domain',
        actorId: session.userId,
        target: session.id,
        detail: { successor: moved.id },
      }),
    ];
    const result: Outcome = { kind: 'granted', held: { session: moved, holder }, configured: rules };
    return { session: endSession(fresh.session, 'moved_to_another_domain', nowMs), writes, result };
  };
  const outcome = await core.database.changeSession(session.id, decide);
  if (outcome?.kind !== 'granted')
    throw refuse('invalid_token', outcome?.kind === 'refused' ? outcome.reason : 'unknown_session');
  return grantOf(core, outcome.configured, format, outcome.held, nowMs, {});
}
