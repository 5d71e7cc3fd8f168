/** Named tokens as their owners and administrators see and revoke them: everything but their values. @module */
import { type ApiTokenState, apiTokenState } from '../domain/api-token.ts';
import { isUuid, type SessionId } from '../domain/ids.ts';
import { absoluteExpiryMs } from '../domain/lifetimes.ts';
import { type ProblemError, refuse } from '../domain/problem.ts';
import { endSession, type SessionPolicy } from '../domain/session.ts';
import { suspension, type User } from '../domain/user.ts';
import { type ApiToken, findApiToken, freeNames, listApiTokens as listRows } from '../store/api-tokens.ts';
import { findDomain } from '../store/domains.ts';
import { findUser } from '../store/users.ts';
import { audit } from './audit.ts';
import { configured } from './configured.ts';
import type { Caller, Core } from './core.ts';
import { requireInteractive } from './require-interactive.ts';
import { findSeenUser, maySee } from './see-users.ts';

export interface SeenApiToken {
  readonly id: SessionId;
  readonly name: string;
  readonly createdAtMs: number;
  /** Null: never. */
  readonly expiresAtMs: number | null;
  readonly lastUsedAtMs: number | null;
  readonly lastUsedFrom: string | null;
  readonly state: ApiTokenState;
  /** Whether it is the one by which the caller was proved. */
  readonly current: boolean;
}

export interface ApiTokenQuery {
  /** Id or name; null: the caller's own. */
  readonly user: string | null;
  readonly state: ApiTokenState | null;
  /** Id of the last one seen; null: from the newest. */
  readonly after: string | null;
  readonly limit: number;
}

/** Rows read at once when a list is narrowed by what no column says. */
const batch = 500;

/**
 * Newest first, one more than `limit` where there is one. Whoever shows an API token sees that one alone.
 *
 * @throws {ProblemError} `not_found` for a user who is none of the caller's business
 */
export async function listApiTokens(
  core: Core,
  caller: Caller,
  { user, state, after, limit }: ApiTokenQuery,
): Promise<SeenApiToken[]> {
  const { principal } = caller;
  const owner = await ownerOf(core, caller, user);
  const id = principal.purpose === 'interactive' ? null : principal.sessionId;
  const see = await sightOf(core, caller, owner);
  const found: SeenApiToken[] = [];
  for (let before = after as SessionId | null; ; ) {
    const rows = await listRows(core.database, { userId: owner.id, id, before, limit: batch });
    const seen = rows.map(see);
    found.push(...seen.filter((token) => state === null || token.state === state));
    const last = rows.at(-1);
    if (found.length > limit || rows.length < batch || last === undefined) return found.slice(0, limit + 1);
    before = last.session.id;
  }
}

/** @throws {ProblemError} `not_found`, also for one that is none of the caller's business */
export async function getApiToken(core: Core, caller: Caller, id: string): Promise<SeenApiToken> {
  const { token, owner } = await findVisible(core, caller, id);
  return (await sightOf(core, caller, owner))(token);
}

/**
 * Its tokens of both kinds are refused as soon as this resolves. Revoking a dead one is fine.
 *
 * @throws {ProblemError} `forbidden` unless the caller has signed in; `not_found` as {@link getApiToken}
 */
export async function revokeApiToken(core: Core, caller: Caller, id: string): Promise<void> {
  requireInteractive(caller);
  const { token } = await findVisible(core, caller, id);
  const target = token.session.id;
  await core.database.changeSession(target, ({ session }) => {
    if (session.endedAtMs !== null) return { session: null, result: null };
    const told = { reason: 'revoked', actorId: caller.principal.userId, target };
    const writes = [
      audit(core, caller.origin, 'api_token_revoked', told),
      ...freeNames(core.database, [target]),
    ];
    return { session: endSession(session, 'revoked', core.clock()), writes, result: null };
  });
}

async function ownerOf(core: Core, caller: Caller, idOrName: string | null): Promise<User> {
  if (idOrName !== null) return await findSeenUser(core, caller, idOrName);
  const user = await findUser(core.database, caller.principal.userId);
  if (user === null) throw refuse('session_ended', 'unknown_user');
  return user;
}

async function findVisible(
  core: Core,
  caller: Caller,
  id: string,
): Promise<{ readonly token: ApiToken; readonly owner: User }> {
  const { principal } = caller;
  const token = isUuid(id) ? await findApiToken(core.database, id as SessionId) : null;
  if (token === null) throw unknownToken();
  if (principal.purpose !== 'interactive' && token.session.id !== principal.sessionId) throw unknownToken();
  const owner = await findUser(core.database, token.session.userId);
  if (owner === null || !(await maySee(core, caller, owner))) throw unknownToken();
  return { token, owner };
}

function unknownToken(): ProblemError {
  return refuse('not_found', 'unknown_api_token', 'There is no such API token');
}

/** What the caller is shown of the owner's tokens. */
async function sightOf(
  core: Core,
  { principal }: Caller,
  owner: User,
): Promise<(token: ApiToken) => SeenApiToken> {
  const { policy } = configured(core, await core.database.configuration());
  const home = await findDomain(core.database, owner.domainId);
  const nowMs = core.clock();
  const isSuspended = suspension(owner, nowMs) !== null || home?.enabled !== true;
  return ({ name, session }) => ({
    id: session.id,
    name,
    createdAtMs: session.createdAtMs,
    expiresAtMs: endOf(session, policy),
    lastUsedAtMs: session.refreshedAtMs,
    lastUsedFrom: session.usedFrom,
    state: apiTokenState(session, policy, isSuspended ? 'suspended' : 'standing', nowMs),
    current: session.id === principal.sessionId,
  });
}

/** However much it is used; null: never. */
function endOf(session: ApiToken['session'], policy: SessionPolicy): number | null {
  const endsAtMs = absoluteExpiryMs(session, policy);
  return Number.isFinite(endsAtMs) ? endsAtMs : null;
}
