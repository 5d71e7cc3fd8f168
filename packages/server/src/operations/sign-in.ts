/** Signs a user in by password: a session, new or one of before, counted and audited with it. @module */
import type { Holder } from '../domain/holder.ts';
import { countSignIn } from '../domain/lockout.ts';
import { refuse } from '../domain/problem.ts';
import {
  grantSession,
  isExpired,
  reauthenticateSession,
  type Session,
  type SessionPolicy,
} from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { Write } from '../store/database.ts';
import { findSessionOfSlot, insertSession, takeSlot, writeReauthentication } from '../store/sessions.ts';
import { changeKnownUser } from '../store/users.ts';
import type { AccessTokenFormat } from './access-token.ts';
import { audit } from './audit.ts';
import { checkPassword, type PasswordProof, refuseIfShut, refuseWhileChallenged } from './check-password.ts';
import { configured } from './configured.ts';
import type { Core, Origin } from './core.ts';
import { type Grant, grantOf } from './grant.ts';
import { newSession, type SessionRequest } from './new-session.ts';

/** Where a sign-in leads. */
export interface Entered {
  /** The user in the scope that the token is for. */
  readonly holder: Holder;
}

export interface SignInRequest<Place extends Entered> extends PasswordProof {
  readonly format: AccessTokenFormat;
  readonly origin: Origin;
  /** Finds the scope of the token; called only once the user is proved. @throws {ProblemError} `forbidden` */
  readonly enter: (core: Core, user: User) => Promise<Place>;
  readonly open: SessionRequest;
}

/**
 * @throws {ProblemError} `wrong_credentials`, `challenge`, `forbidden`, `too_many_attempts`, `unavailable`
 */
export async function signIn<Place extends Entered>(
  core: Core,
  request: SignInRequest<Place>,
): Promise<Grant & { readonly entered: Place }> {
  const { origin, format, open } = request;
  const checked = await checkPassword(core, request, origin);
  refuseWhileChallenged(checked);
  const { user, amr } = checked;
  const entered = await request.enter(core, user);
  const rules = configured(core, await core.database.configuration());
  const nowMs = core.clock();
  const asked = newSession(core, { open, format, holder: entered.holder, amr, origin, nowMs });
  const fresh = grantSession(asked, rules.policy);
  const opened = await changeKnownUser(core.database, user, async (now) => {
    refuseIfShut(now, user, nowMs);
    const { session, writes } = await sessionFor(core, open, fresh, rules.policy);
    const told = audit(core, origin, 'sign_in', { actorId: user.id, target: session.id });
    const all = [...writes, ...checked.forgetting, told];
    return { user: countSignIn(now, nowMs), writes: all, result: session };
  });
  if (opened === null) throw refuse('wrong_credentials', 'unknown_user');
  const held = { session: opened, holder: entered.holder };
  return { ...grantOf(core, rules, format, held, nowMs, {}), entered };
}

/** The session to be signed in to: the live one of its slot, else the new one. */
async function sessionFor(
  core: Core,
  { slot }: SessionRequest,
  fresh: Session,
  policy: SessionPolicy,
): Promise<{ session: Session; writes: readonly Write[] }> {
  const { database } = core;
  const nowMs = fresh.authenticatedAtMs;
  const insert = insertSession(database, fresh);
  if (slot === null) return { session: fresh, writes: [insert] };
  const held = await findSessionOfSlot(database, fresh.userId, slot);
  const isLive = held !== null && held.endedAtMs === null && !isExpired(held, policy, nowMs);
  if (!isLive) return { session: fresh, writes: [insert, takeSlot(database, slot, fresh)] };
  const { domainId, tenantId, amr, createdFrom: usedFrom } = fresh;
  const session = reauthenticateSession(held, { domainId, tenantId, amr, usedFrom }, nowMs);
  return { session, writes: [writeReauthentication(database, session)] };
}
