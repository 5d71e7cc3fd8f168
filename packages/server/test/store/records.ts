/** Records to put into a store under test. @module */
import { randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto';
import type { DomainId, RoleId, SessionId, TenantId, UserId } from '../../src/domain/ids.ts';
import { rootDomainId } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import type { SigningKeyRecord } from '../../src/domain/signing-key.ts';
import type { Domain, Role, Tenant } from '../../src/domain/tenancy.ts';
import { blankUser, type User } from '../../src/domain/user.ts';
import { sessionWith } from '../domain/session-fixture.ts';

/** The instant that the tests begin at. */
export const startMs: number = Date.UTC(2026, 0, 1);

export function aDomain(changes: Partial<Domain> = {}): Domain {
  const id = randomUUID() as DomainId;
  const times = { createdAtMs: startMs, updatedAtMs: startMs };
  return { id, name: `domain ${id}`, enabled: true, allowUserManagement: false, ...times, ...changes };
}

export const rootDomain: Domain = aDomain({ id: rootDomainId, name: 'root' });

export function aTenant(changes: Partial<Tenant> = {}): Tenant {
  const id = randomUUID() as TenantId;
  const times = { createdAtMs: startMs, updatedAtMs: startMs };
  return { id, domainId: rootDomainId, name: `tenant ${id}`, enabled: true, ...times, ...changes };
}

export function aRole(changes: Partial<Role> = {}): Role {
  const id = randomUUID() as RoleId;
  return {
    id,
    domainId: null,
    name: `role ${id}`,
    description: '',
    origin: 'custom',
    appMetadata: {},
    userMetadata: {},
    clientMetadata: {},
    createdAtMs: startMs,
    updatedAtMs: startMs,
    ...changes,
  };
}

export function aUser(changes: Partial<User> = {}): User {
  const id = randomUUID() as UserId;
  return { ...blankUser({ id, domainId: rootDomainId, username: `user-${id}` }, startMs), ...changes };
}

export function aSession(userId: UserId, changes: Partial<Session> = {}): Session {
  const salt = randomBytes(16).toString('base64url');
  return sessionWith({ id: randomUUIDv7() as SessionId, userId, salt, ...onClock, ...changes });
}

const onClock = {
  authenticatedAtMs: startMs,
  createdAtMs: startMs,
  issuedAtMs: startMs,
  createdFrom: '192.0.2.7',
};

export const aSigningKey = (changes: Partial<SigningKeyRecord> = {}): SigningKeyRecord => ({
  kid: randomUUID(),
  use: 'default',
  alg: 'ES256',
  publicJwk: { kty: 'EC', crv: 'P-256' },
  sealedPrivateJwk: 'c2VhbGVk',
  createdAtMs: startMs,
  signsFromMs: startMs,
  retiredAtMs: null,
  removedAtMs: null,
  keptUntilMs: null,
  ...changes,
});
