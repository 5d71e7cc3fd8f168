/** Proves a guard that asks about tokens, by the credential of its application. @module */
import { applicationOfCredential, matchesCredential } from '../crypto/guard-credential.ts';
import type { Application } from '../domain/application.ts';
import type { ApplicationId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { findApplication } from '../store/applications.ts';
import type { Core } from './core.ts';
import type { RevocationFollower } from './follow-revocations.ts';

export type GuardProof = (credential: string) => Promise<Application>;

/** Some hundred bytes each. */
const mostKept = 1_000;

/**
 * A thousand guards that come back every few seconds cost the database nothing: what was read of an application is kept until
 * the feed says that it changed, which is known to every node within a second.
 *
 * The returned function throws {@link ProblemError} `unauthenticated`.
 */
export function guardProof(core: Core, follower: RevocationFollower): GuardProof {
  const known = new Map<ApplicationId, Application>();
  follower.subscribe((placed) => {
    if (placed === null) known.clear();
    for (const { revocation } of placed ?? [])
      if (revocation.kind === 'application_changed') known.delete(revocation.application);
  });
  const find = async (id: ApplicationId): Promise<Application | null> => {
    const { position, epoch } = await follower.head();
    const kept = known.get(id);
    if (kept !== undefined) return kept;
    const found = await findApplication(core.database, id);
    if (found === null) return null;
    if (known.size >= mostKept) known.clear();
    // Read before a change that the feed has told of meanwhile, it would be kept for ever.
    const now = await follower.head();
    if (now.position === position && now.epoch === epoch) known.set(id, found);
    return found;
  };
  return async (credential) => {
    const id = applicationOfCredential(credential);
    if (id === null) throw refuse('unauthenticated', 'malformed_guard_credential');
    const found = await find(id);
    if (found === null || !matchesCredential(credential, found.credentialHash))
      throw refuse('unauthenticated', 'wrong_guard_credential');
    return found;
  };
}
