/** Grants a JSON web token with the key of a registered application, and registers it. @module */
import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { decodeJsonWebToken, grantJsonWebToken, type TokenPayload } from '@tessera/token';
import type { Application, GrantedToken } from '../domain/application.ts';
import type { UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import { localConnection } from '../domain/user.ts';
import { insertGrantedToken } from '../store/granted-tokens.ts';
import { announceApplication } from '../store/revocations.ts';
import { findUserByName } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { openSigningKey, requireApplication } from './manage-applications.ts';
import { auditOf } from './manage-audit.ts';
import { checkMetadata, checkName, checkOptionalText, invalidValue } from './manage-fields.ts';
import { isOperator } from './manage-rights.ts';
import { requireInteractive } from './require-interactive.ts';

export interface TokenGrant {
  /** Name or id. */
  readonly application: string;
  /** Null: the caller's own name. */
  readonly identity: string | null;
  readonly roles: readonly string[];
  /** Epoch milliseconds; null: a year from now. */
  readonly expiresAtMs: number | null;
  readonly payload: JsonObject;
  readonly description: string;
}

export interface GrantedText {
  readonly text: string;
  readonly token: GrantedToken;
}

const mostRoles = 100;
const longestName = 255;

/**
 * The token's text is given this once. Only an operator grants for others, or roles beyond their own.
 *
 * @throws {ProblemError} `forbidden`, `not_found`, `invalid_value`
 */
export async function grantRegisteredToken(
  core: Core,
  caller: Caller,
  grant: TokenGrant,
): Promise<GrantedText> {
  requireInteractive(caller);
  const identity = grant.identity ?? caller.principal.username;
  checkGrant(grant, identity);
  requireOwn(caller, identity, grant.roles);
  const application = await requireApplication(core, grant.application);
  const nowMs = core.clock();
  const key = randomUUID();
  const text = sign(core, application, { ...grant, identity }, { key, nowMs });
  const token: GrantedToken = {
    id: randomUUIDv7(),
    applicationId: application.id,
    key,
    keyNumber: application.keyNumber,
    userId: await ownerOf(core, caller, identity),
    identity,
    roles: grant.roles,
    description: grant.description,
    createdAtMs: nowMs,
    expiresAtMs: decodeJsonWebToken(text).validTo?.getTime() ?? nowMs,
    lastUsedAtMs: null,
    deniedFromMs: null,
  };
  await core.database.write([
    insertGrantedToken(core.database, token),
    announceApplication(core.database, application.id),
    auditOf(core, caller, 'json_web_token_granted', key, { application: application.name, identity }),
  ]);
  return { text, token };
}

/** @throws {ProblemError} `invalid_value` */
function checkGrant({ roles, description, payload, expiresAtMs }: TokenGrant, identity: string): void {
  checkName('identity', identity, longestName);
  checkOptionalText('description', description, 1024);
  checkMetadata('payload', payload);
  if (roles.length > mostRoles) throw invalidValue('roles', `name at most ${mostRoles}.`);
  for (const role of roles) checkName('roles', role, longestName);
  if (new Set(roles).size < roles.length) throw invalidValue('roles', 'name each one once.');
  if (expiresAtMs !== null && expiresAtMs > lastMs)
    throw invalidValue('expiry', 'name an instant before 9999.');
}

const lastMs = Date.UTC(9999, 0, 1);

/** @throws {ProblemError} `forbidden` */
function requireOwn(caller: Caller, identity: string, roles: readonly string[]): void {
  const { principal } = caller;
  if (isOperator(principal)) return;
  if (identity !== principal.username)
    throw refuse('forbidden', 'grant_for_another', 'Only an administrator grants tokens for others.');
  const beyond = roles.find((role) => !principal.roles.includes(role));
  if (beyond !== undefined)
    throw refuse('forbidden', 'role_beyond_own', `You do not hold the role "${beyond}".`);
}

/** Who answers for the token: when they are disabled, it is denied. */
async function ownerOf(core: Core, { principal }: Caller, identity: string): Promise<UserId> {
  if (identity === principal.username) return principal.userId;
  const account = { domainId: principal.homeDomainId, connection: localConnection, username: identity };
  return (await findUserByName(core.database, account))?.id ?? principal.userId;
}

/** @throws {ProblemError} `invalid_value`: an end that is not ahead, a payload that would forge a claim */
function sign(
  core: Core,
  application: Application,
  { identity, roles, payload, expiresAtMs }: TokenGrant & { readonly identity: string },
  { key, nowMs }: { readonly key: string; readonly nowMs: number },
): string {
  const { issuer, audience } = application;
  if (expiresAtMs !== null && expiresAtMs <= nowMs)
    throw invalidValue('expiry', 'name an instant that lies ahead.');
  try {
    return grantJsonWebToken(
      {
        identity,
        issuer,
        audience,
        signingKey: openSigningKey(core, application),
        roles,
        payload: payload as TokenPayload,
        hash: key,
        now: new Date(nowMs),
        ...(expiresAtMs === null ? {} : { expiry: new Date(expiresAtMs) }),
      },
      // The key is the operator's choice, and what is far ahead is listed with its end.
      () => {},
    );
  } catch (error) {
    if (error instanceof TypeError) throw invalidValue('payload', `${error.message}.`);
    throw error;
  }
}
