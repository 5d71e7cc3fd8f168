/** The JSON web tokens granted here: listed and revoked. @module */
import { type GrantedToken, type GrantedTokenState, grantedTokenState } from '../domain/application.ts';
import { refuse } from '../domain/problem.ts';
import {
  denyGrantedToken,
  findGrantedToken,
  listGrantedTokens,
  type OwnedToken,
} from '../store/granted-tokens.ts';
import { announceApplication } from '../store/revocations.ts';
import type { Caller, Core } from './core.ts';
import { requireApplication } from './manage-applications.ts';
import { auditOf } from './manage-audit.ts';
import { isOperator } from './manage-rights.ts';
import { requireInteractive } from './require-interactive.ts';

/** A token as it is listed. */
export interface ListedToken extends GrantedToken {
  readonly applicationName: string;
  readonly state: GrantedTokenState;
}

export interface ListedTokensQuery {
  /** Name or id; null: of all. */
  readonly application: string | null;
  readonly state: GrantedTokenState | null;
  /** Id of the last one of the page before; null: from the newest on. */
  readonly before: string | null;
  readonly limit: number;
}

/** The caller's own, an operator sees all; newest first. @throws {ProblemError} `forbidden`, `not_found` */
export async function listRegisteredTokens(
  core: Core,
  caller: Caller,
  { application, ...query }: ListedTokensQuery,
): Promise<ListedToken[]> {
  requireInteractive(caller);
  const { principal } = caller;
  const nowMs = core.clock();
  const found = await listGrantedTokens(core.database, {
    ...query,
    nowMs,
    applicationId: application === null ? null : (await requireApplication(core, application)).id,
    userId: isOperator(principal) ? null : principal.userId,
  });
  return found.map((owned) => listed(owned, nowMs));
}

/**
 * Guards learn it within seconds. Revoked already is fine.
 *
 * @throws {ProblemError} `forbidden`; `not_found`, also for another user's
 */
export async function revokeRegisteredToken(core: Core, caller: Caller, key: string): Promise<void> {
  requireInteractive(caller);
  const { principal } = caller;
  const nowMs = core.clock();
  const found = await findGrantedToken(core.database, key, nowMs);
  const isVisible = found !== null && (isOperator(principal) || found.token.userId === principal.userId);
  if (!isVisible) throw refuse('not_found', 'unknown_token', 'There is no such token.');
  const { deniedFromMs, applicationId } = found.token;
  if (deniedFromMs !== null && deniedFromMs <= nowMs) return;
  await core.database.write([
    denyGrantedToken(core.database, found.token, nowMs),
    announceApplication(core.database, applicationId),
    auditOf(core, caller, 'json_web_token_revoked', key, { application: found.applicationName }),
  ]);
}

function listed({ token, owner, applicationName }: OwnedToken, nowMs: number): ListedToken {
  return { ...token, applicationName, state: grantedTokenState(token, owner, nowMs) };
}
