/** Signs a user in by password: a new session, counted and audited with it. @module */
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { saltBytes } from '../crypto/refresh-token.ts';
import type { Holder } from '../domain/holder.ts';
import { rootDomainId, type SessionId } from '../domain/ids.ts';
import type { Lifetimes } from '../domain/lifetimes.ts';
import { countSignIn } from '../domain/lockout.ts';
import { refuse } from '../domain/problem.ts';
import type { Rotation, Session, SessionKind, SessionPurpose } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import { insertSession } from '../store/sessions.ts';
import { changeUser } from '../store/users.ts';
import type { AccessTokenFormat } from './access-token.ts';
import { audit } from './audit.ts';
import { checkPassword, type PasswordProof, refuseIfShut, refuseWhileChallenged } from './check-password.ts';
import { configured } from './configured.ts';
import type { Core, Origin } from './core.ts';
import { enterDomain } from './enter-domain.ts';
import { type Grant, grantOf } from './grant.ts';
import { clearFailedAttempts, guessKeysOf } from './guesses.ts';

/** What session a sign-in opens. */
export interface SessionRequest {
  readonly kind: SessionKind;
  readonly purpose: SessionPurpose;
  readonly rotation: Rotation;
  readonly lifetimes: Lifetimes;
  readonly labels: readonly string[];
}

export interface SignInRequest extends PasswordProof {
  readonly format: AccessTokenFormat;
  readonly origin: Origin;
  /** Name or id of the domain the token is for; null: the one the account lives in. */
  readonly domain: string | null;
  readonly open: SessionRequest;
}

/**
 * @throws {ProblemError} `wrong_credentials`, `challenge`, `forbidden`, `too_many_attempts`, `unavailable`
 */
export async function signIn(core: Core, request: SignInRequest): Promise<Grant> {
  const { origin, format } = request;
  const checked = await checkPassword(core, request, origin);
  refuseWhileChallenged(checked);
  const { user } = checked;
  const holder = await enterDomain(core, user.id, request.domain ?? user.domainId);
  const nowMs = core.clock();
  const session = newSession(core, request.open, holder, format, origin, nowMs);
  const opened = await changeUser(core.database, user.id, (fresh: User) => {
    refuseIfShut(fresh, nowMs);
    const writes = [
      insertSession(core.database, session),
      clearFailedAttempts(core, guessKeysOf(request.account, origin.address)),
      audit(core, origin, 'sign_in', { actorId: user.id, target: session.id }),
    ];
    return { user: countSignIn(fresh, nowMs), writes, result: session };
  });
  if (opened === null) throw refuse('wrong_credentials', 'unknown_user');
  const configuration = await core.database.configuration();
  return grantOf(core, configured(core, configuration), format, { session, holder }, nowMs, null);
}

/** A session of its first generation. One that has no refresh token lives only as long as its access token. */
export function newSession(
  core: Core,
  open: SessionRequest,
  holder: Holder,
  format: AccessTokenFormat,
  origin: Origin,
  nowMs: number,
): Session {
  const accessOnly = { absoluteSeconds: format.lifetimeSeconds, idleSeconds: null };
  return {
    id: randomUUIDv7() as SessionId,
    userId: holder.userId,
    domainId: holder.domainId ?? rootDomainId,
    tenantId: holder.tenantId,
    face: format.face,
    kind: open.kind,
    purpose: open.purpose,
    tokenKind: 'standard',
    rotation: open.rotation,
    lifetimes: open.kind === 'refresh' ? open.lifetimes : accessOnly,
    labels: open.labels,
    generation: 1,
    macKey: core.refreshTokens.currentMacKey,
    salt: randomBytes(saltBytes).toString('base64url'),
    authenticatedAtMs: nowMs,
    createdAtMs: nowMs,
    issuedAtMs: nowMs,
    usedAtMs: null,
    refreshedAtMs: null,
    createdFrom: origin.address,
    endedAtMs: null,
    endReason: null,
  };
}
