/** The session that a sign-in opens. @module */
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { saltBytes } from '../crypto/refresh-token.ts';
import type { Holder } from '../domain/holder.ts';
import type { SessionId } from '../domain/ids.ts';
import type { Lifetimes, Rotation } from '../domain/lifetimes.ts';
import type { Session, SessionKind, SessionPurpose } from '../domain/session.ts';
import type { AccessTokenFormat } from './access-token.ts';
import type { Core, Origin } from './core.ts';

/** What session a sign-in opens. */
export interface SessionRequest {
  readonly kind: SessionKind;
  readonly purpose: SessionPurpose;
  readonly tokenKind: Session['tokenKind'];
  readonly rotation: Rotation;
  readonly lifetimes: Lifetimes;
  readonly labels: readonly string[];
  /** A user's sign-ins with the same slot share one session for as long as it lives; null: each opens its own. */
  readonly slot: string | null;
}

export interface NewSession {
  readonly open: Omit<SessionRequest, 'slot'>;
  readonly format: AccessTokenFormat;
  readonly holder: Holder;
  /** How the user was proved (RFC 8176). */
  readonly amr: readonly string[];
  readonly origin: Origin;
  readonly nowMs: number;
}

/** A session of its first generation. */
export function newSession(core: Core, { open, format, holder, amr, origin, nowMs }: NewSession): Session {
  return {
    id: randomUUIDv7() as SessionId,
    userId: holder.userId,
    domainId: holder.domainId,
    tenantId: holder.tenantId,
    face: format.face,
    kind: open.kind,
    purpose: open.purpose,
    tokenKind: open.tokenKind,
    rotation: open.rotation,
    lifetimes: open.lifetimes,
    labels: open.labels,
    generation: 1,
    macKey: core.refreshTokens.currentMacKey,
    salt: randomBytes(saltBytes).toString('base64url'),
    amr,
    authenticatedAtMs: nowMs,
    createdAtMs: nowMs,
    issuedAtMs: nowMs,
    usedAtMs: null,
    refreshedAtMs: null,
    usedFrom: null,
    createdFrom: origin.address,
    client: origin.client ?? null,
    endedAtMs: null,
    endReason: null,
  };
}

/** A session without a refresh token, which lives only as long as its access token. */
export function accessOnly({ lifetime }: AccessTokenFormat): Pick<SessionRequest, 'kind' | 'lifetimes'> {
  const absoluteSeconds = 'seconds' in lifetime ? lifetime.seconds : null;
  return { kind: 'access', lifetimes: { absoluteSeconds, idleSeconds: null } };
}
