/** A session to decide about. @module */
import type { SessionId, UserId } from '../../src/domain/ids.ts';
import { rootDomainId } from '../../src/domain/ids.ts';
import type { Session, SessionPolicy } from '../../src/domain/session.ts';

export const startMs = 1_750_000_000_000;

export const freePolicy: SessionPolicy = {
  maximumRefreshSeconds: null,
  maximumSessionSeconds: null,
  renewalGraceSeconds: 30,
  lostAnswerSeconds: 86_400,
};

export function sessionWith(changes: Partial<Session>): Session {
  return {
    id: '01950000-0000-7000-8000-000000000001' as SessionId,
    userId: '00000000-0000-4000-8000-000000000002' as UserId,
    domainId: rootDomainId,
    tenantId: null,
    kind: 'refresh',
    face: 'test',
    purpose: 'application',
    tokenKind: 'standard',
    rotation: 'on-request',
    lifetimes: { absoluteSeconds: null, idleSeconds: null },
    labels: [],
    generation: 1,
    macKey: 1,
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    authenticatedAtMs: startMs,
    createdAtMs: startMs,
    issuedAtMs: startMs,
    usedAtMs: null,
    refreshedAtMs: null,
    usedFrom: null,
    amr: ['pwd'],
    createdFrom: '127.0.0.1',
    client: null,
    endedAtMs: null,
    endReason: null,
    ...changes,
  };
}
