/** Makes a named token for programs: a session of its own, whose values are shown once. @module */
import {
  type ApiTokenRules,
  apiTokenLifetimes,
  apiTokenName,
  checkValidity,
  isLive,
} from '../domain/api-token.ts';
import { absoluteExpiryMs } from '../domain/lifetimes.ts';
import { ProblemError, refuse } from '../domain/problem.ts';
import { grantSession } from '../domain/session.ts';
import { suspension } from '../domain/user.ts';
import { freeNames, insertApiToken, namedApiTokens } from '../store/api-tokens.ts';
import { DuplicateRow } from '../store/database.ts';
import { insertSession } from '../store/sessions.ts';
import { changeUser } from '../store/users.ts';
import type { AccessTokenFormat } from './access-token.ts';
import { audit } from './audit.ts';
import { configured } from './configured.ts';
import type { Caller, Core } from './core.ts';
import { type Grant, grantOf } from './grant.ts';
import { newSession } from './new-session.ts';
import { requireInteractive } from './require-interactive.ts';

export interface ApiTokenWish {
  readonly format: AccessTokenFormat;
  readonly rules: ApiTokenRules;
  readonly name: string;
  /** Null: no end but the installation's maximum. */
  readonly validityDays: number | null;
}

export interface GeneratedApiToken {
  readonly name: string;
  /** Null: never, however much it is used. */
  readonly expiresAtMs: number | null;
  readonly grant: Grant;
}

/**
 * For the caller alone, with the roles they have in their home domain.
 *
 * @throws {ProblemError} `forbidden` unless the caller has signed in; `invalid_value`; `conflict` for a name that is taken
 *   and for one token too many
 */
export async function generateApiToken(
  core: Core,
  caller: Caller,
  { format, rules, ...wish }: ApiTokenWish,
): Promise<GeneratedApiToken> {
  requireInteractive(caller);
  const { principal, origin } = caller;
  const name = apiTokenName(wish.name);
  const configuration = configured(core, await core.database.configuration());
  const { policy } = configuration;
  checkValidity(wish.validityDays, rules, policy);
  const { userId, homeDomainId: domainId } = principal;
  const holder = await core.database.findHolder(userId, { domainId, tenantId: null });
  if (holder === null) throw refuse('session_ended', 'unknown_user');
  const nowMs = core.clock();
  const open = {
    kind: 'refresh',
    purpose: 'application',
    tokenKind: 'standard',
    rotation: 'every-use',
    lifetimes: apiTokenLifetimes(wish.validityDays, rules),
    labels: [name],
  } as const;
  const session = grantSession(newSession(core, { open, format, holder, amr: [], origin, nowMs }), policy);
  try {
    await changeUser(core.database, userId, async (user) => {
      if (suspension(user, nowMs) !== null) throw refuse('session_ended', 'user_disabled');
      const named = await namedApiTokens(core.database, userId);
      const live = named.filter((token) => isLive(token.session, policy, nowMs));
      if (live.some((token) => token.name === name)) throw nameTaken();
      if (live.length >= rules.maximumLive) throw tooMany(rules.maximumLive);
      const dead = named.filter((token) => !live.includes(token)).map((token) => token.session.id);
      const told = { actorId: userId, target: session.id, detail: { name } };
      const writes = [
        ...freeNames(core.database, dead),
        insertSession(core.database, session),
        insertApiToken(core.database, { name, session }),
        audit(core, origin, 'api_token_generated', told),
      ];
      // The user is written though nothing changes: of two at once, the second counts what the first has made.
      return { user, writes, result: null };
    });
  } catch (error) {
    if (error instanceof DuplicateRow) throw nameTaken();
    throw error;
  }
  const grant = grantOf(core, configuration, format, { session, holder }, nowMs, {});
  configuration.ownTokens.remember(grant.accessToken);
  const endsAtMs = absoluteExpiryMs(session, policy);
  return { name, expiresAtMs: Number.isFinite(endsAtMs) ? endsAtMs : null, grant };
}

function nameTaken(): ProblemError {
  const message = 'is taken by a live token of yours.';
  return new ProblemError({ kind: 'conflict', reason: 'name_taken', field: 'name', message });
}

function tooMany(most: number): ProblemError {
  return refuse('conflict', 'too_many_live', `You have ${most} live tokens, and may have no more`);
}
