/** Managing the applications whose tokens are registered here. For operators who signed in; keys and credentials are shown once. @module */
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { importVerificationKey, KeyError, type Secret } from '@tessera/token';
import { guardCredentialHash, makeGuardCredential } from '../crypto/guard-credential.ts';
import type { Application } from '../domain/application.ts';
import type { ApplicationId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import {
  deleteApplication as deleteRows,
  findApplication,
  insertApplication,
  listApplications as listRows,
  updateApplication,
} from '../store/applications.ts';
import type { Write } from '../store/database.ts';
import { denyTokensOfOlderKeys } from '../store/granted-tokens.ts';
import { announceApplication } from '../store/revocations.ts';
import type { Caller, Core } from './core.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict, writeUnique } from './manage-conflicts.ts';
import { checkName, invalidValue } from './manage-fields.ts';
import { requireOperator } from './manage-rights.ts';
import { requireInteractive } from './require-interactive.ts';

export interface NewApplication {
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  /** Null: one is made. */
  readonly signingKey: string | null;
}

/** What is told this once and kept nowhere; the key only where it was made here. */
export interface ShownApplication {
  readonly application: Application;
  readonly signingKey: string | null;
  readonly credential: Secret | null;
}

/** Everybody knows it. */
const defaultKey = 'default_signing_key';
const longestKey = 1024;

/** @throws {ProblemError} `forbidden`, `invalid_value`, `conflict` where the name is taken */
export async function createApplication(
  core: Core,
  caller: Caller,
  fields: NewApplication,
): Promise<ShownApplication> {
  requireKeeper(caller);
  checkName('name', fields.name, 100);
  checkName('issuer', fields.issuer, 255);
  checkName('audience', fields.audience, 255);
  const { name, issuer, audience } = fields;
  const id = randomUUIDv7() as ApplicationId;
  const key = keyFor(fields.signingKey);
  const credential = makeGuardCredential(id);
  const nowMs = core.clock();
  const application: Application = {
    id,
    version: 1,
    name,
    issuer,
    audience,
    sealedSigningKey: core.sealer.seal(key, signingKeyLabel(id, 1)),
    keyNumber: 1,
    credentialHash: guardCredentialHash(credential.reveal()),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  const audit = auditOf(core, caller, 'application_created', id, { name });
  const writes = [
    insertApplication(core.database, application),
    announceApplication(core.database, id),
    audit,
  ];
  await writeUnique(core, writes, 'An application of that name exists already.');
  return { application, credential, signingKey: fields.signingKey === null ? key : null };
}

/** In the order of their names. @throws {ProblemError} `forbidden` */
export async function listApplications(
  core: Core,
  caller: Caller,
  range: { readonly after: string; readonly limit: number },
): Promise<Application[]> {
  requireOperator(caller);
  return await listRows(core.database, range);
}

/** @throws {ProblemError} `forbidden`, `not_found` */
export async function getApplication(core: Core, caller: Caller, nameOrId: string): Promise<Application> {
  requireOperator(caller);
  return await requireApplication(core, nameOrId);
}

/** Its guards are told nothing any more, and refuse when their list is too old. @throws {ProblemError} */
export async function deleteApplication(core: Core, caller: Caller, nameOrId: string): Promise<void> {
  requireKeeper(caller);
  await retryOnConflict(async () => {
    const { id, name } = await requireApplication(core, nameOrId);
    await core.database.write([
      ...deleteRows(core.database, id),
      announceApplication(core.database, id),
      auditOf(core, caller, 'application_deleted', id, { name }),
    ]);
  });
}

export interface KeyRotation {
  /** Null: one is made. */
  readonly signingKey: string | null;
  /** Until when tokens of the earlier keys are taken; null: no longer. Epoch milliseconds. */
  readonly keepPreviousUntilMs: number | null;
}

/**
 * A new key for the tokens from now on. What was granted with earlier ones is revoked at the instant asked for.
 *
 * @throws {ProblemError} `forbidden`, `not_found`, `invalid_value`
 */
export async function rotateApplicationKey(
  core: Core,
  caller: Caller,
  nameOrId: string,
  rotation: KeyRotation,
): Promise<ShownApplication> {
  requireKeeper(caller);
  const key = keyFor(rotation.signingKey);
  const nowMs = core.clock();
  const { keepPreviousUntilMs } = rotation;
  if (keepPreviousUntilMs !== null && keepPreviousUntilMs <= nowMs)
    throw invalidValue('keepPreviousUntil', 'name an instant that lies ahead, or leave it out.');
  const { signingKey } = rotation;
  return await change(core, caller, nameOrId, 'application_key_rotated', (found) => {
    const keyNumber = found.keyNumber + 1;
    const sealedSigningKey = core.sealer.seal(key, signingKeyLabel(found.id, keyNumber));
    const application = { ...found, keyNumber, sealedSigningKey };
    const writes = [denyTokensOfOlderKeys(core.database, application, keepPreviousUntilMs ?? nowMs)];
    return { application, writes, credential: null, signingKey: signingKey === null ? key : null };
  });
}

/** A new credential for its guards; the old one is refused from now on. @throws {ProblemError} `forbidden`, `not_found` */
export async function rotateApplicationCredential(
  core: Core,
  caller: Caller,
  nameOrId: string,
): Promise<ShownApplication> {
  requireKeeper(caller);
  return await change(core, caller, nameOrId, 'application_credential_rotated', (found) => {
    const credential = makeGuardCredential(found.id);
    const application = { ...found, credentialHash: guardCredentialHash(credential.reveal()) };
    return { application, writes: [], credential, signingKey: null };
  });
}

async function change(
  core: Core,
  caller: Caller,
  nameOrId: string,
  action: 'application_key_rotated' | 'application_credential_rotated',
  decide: (found: Application) => ShownApplication & { readonly writes: readonly Write[] },
): Promise<ShownApplication> {
  return await retryOnConflict(async () => {
    const { writes, application, ...shown } = decide(await requireApplication(core, nameOrId));
    const changed = { ...application, updatedAtMs: core.clock() };
    await core.database.write([
      updateApplication(core.database, changed),
      ...writes,
      announceApplication(core.database, changed.id),
      auditOf(core, caller, action, changed.id, { name: changed.name, keyNumber: changed.keyNumber }),
    ]);
    return { application: changed, ...shown };
  });
}

/** @throws {ProblemError} `not_found` */
export async function requireApplication(core: Core, nameOrId: string): Promise<Application> {
  const found = await findApplication(core.database, nameOrId);
  if (found === null) throw refuse('not_found', 'unknown_application', 'There is no such application.');
  return found;
}

/** The key that an application's tokens are signed with now. */
export function openSigningKey(core: Core, { id, keyNumber, sealedSigningKey }: Application): string {
  return core.sealer.open(sealedSigningKey, signingKeyLabel(id, keyNumber));
}

function requireKeeper(caller: Caller): void {
  requireInteractive(caller);
  requireOperator(caller);
}

/** @throws {ProblemError} `invalid_value` */
function keyFor(given: string | null): string {
  if (given === null) return randomBytes(32).toString('base64url');
  if (given === '' || given.length > longestKey)
    throw invalidValue('signingKey', `use 1 to ${longestKey} characters.`);
  if (given === defaultKey)
    throw invalidValue('signingKey', 'use a key of your own; everybody knows this one.');
  try {
    importVerificationKey(Buffer.from(given), { alg: 'HS256', weakSecret: 'allow' });
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw invalidValue('signingKey', `${error.message}.`);
  }
  return given;
}

const signingKeyLabel = (id: ApplicationId, keyNumber: number): string =>
  `application signing key ${id} ${keyNumber}`;
