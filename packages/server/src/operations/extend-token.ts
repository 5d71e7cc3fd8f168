/** Trades a live access token for another one of its session, where the token alone proves its bearer. @module */
import type { HeldSession } from '../domain/holder.ts';
import { refuse } from '../domain/problem.ts';
import type { Session } from '../domain/session.ts';
import type { NamedScope } from '../domain/tenancy.ts';
import type { Configuration } from '../store/configuration.ts';
import { endOfToken } from './access-token.ts';
import { configured } from './configured.ts';
import type { Core } from './core.ts';
import { entered } from './enter-scope.ts';
import { type Grant, grantOf } from './grant.ts';
import { type PresentedToken, presentToken } from './present-token.ts';
import { requireOpenSession } from './require-open-session.ts';
import { tokenExpired, type VerifiedAccessToken } from './verify-access-token.ts';

/** With where the request came from. */
export type PresentedHere = PresentedToken & { readonly address: string };

/**
 * The session lives anew for as long as it was opened for; the scope stays.
 *
 * @throws {ProblemError} `unauthenticated`, `session_ended`; `forbidden` when the scope is no longer permitted
 */
export async function extendToken(core: Core, presented: PresentedHere): Promise<Grant> {
  const token = await presentToken(core, presented);
  const { address: usedFrom } = presented;
  return await change(core, token, token.scope, (held, nowMs) => ({ ...held, issuedAtMs: nowMs, usedFrom }));
}

/**
 * The whole scope is the one asked for; the new token ends when the one shown does.
 *
 * @throws {ProblemError} `unauthenticated`, `session_ended`; `forbidden`
 */
export async function rescopeToken(core: Core, presented: PresentedHere, scope: NamedScope): Promise<Grant> {
  const token = await presentToken(core, presented);
  const { address: usedFrom } = presented;
  return await change(core, token, scope, (held) => ({ ...held, usedFrom }), token.expiresAtSeconds);
}

async function change(
  core: Core,
  token: VerifiedAccessToken,
  scope: NamedScope | null,
  step: (session: Session, nowMs: number) => Session,
  latestSeconds: number | null = null,
): Promise<Grant> {
  if (token.age === 'expired') throw tokenExpired('unauthenticated');
  const nowMs = core.clock();
  const decide = (held: HeldSession, configuration: Configuration) => {
    const { policy } = configured(core, configuration);
    requireOpenSession(token, held, policy, nowMs);
    const { domainId, tenantId } = entered(held.holder, token.format.entry);
    const session = { ...step(held.session, nowMs), domainId, tenantId, refreshedAtMs: nowMs };
    return { session, result: { held: { ...held, session }, configuration } };
  };
  const changed = await core.database.changeSession(token.sessionId, decide, scope);
  if (changed === null) throw refuse('session_ended', 'unknown_session');
  const rules = configured(core, changed.configuration);
  const { format, tokenId: parentTokenId } = token;
  const end = endOfToken(format, changed.held.session, rules.policy, nowMs);
  const expiresAtSeconds = latestSeconds === null || end === null ? end : Math.min(end, latestSeconds);
  return grantOf(core, rules, format, changed.held, nowMs, { parentTokenId, expiresAtSeconds });
}
