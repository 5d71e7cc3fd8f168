/** Denies a token that was made with an application's key and is not to be taken any more. @module */
import {
  type Claims,
  decodeToken,
  denialKeyOf,
  importVerificationKey,
  keySet,
  TokenError,
  verifyToken,
} from '@tessera/token';
import type { Application } from '../domain/application.ts';
import { denyToken as denyRow } from '../store/denied-tokens.ts';
import { denyGrantedToken } from '../store/granted-tokens.ts';
import { announceApplication } from '../store/revocations.ts';
import type { Caller, Core } from './core.ts';
import { openSigningKey, requireApplication } from './manage-applications.ts';
import { auditOf } from './manage-audit.ts';
import { invalidValue } from './manage-fields.ts';
import { requireOperator } from './manage-rights.ts';
import { requireInteractive } from './require-interactive.ts';

export type TokenToDeny =
  | { readonly kind: 'token'; readonly token: string }
  /** What guards know it by; `expiresAtMs` null: not known, so that it is denied for ever. */
  | { readonly kind: 'key'; readonly key: string; readonly expiresAtMs: number | null };

export interface Denial {
  readonly application: Application;
  readonly key: string;
  readonly expiresAtMs: number | null;
}

const longestKey = 256;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Denied already is fine. @throws {ProblemError} `forbidden`, `not_found`, `invalid_value` */
export async function denyToken(
  core: Core,
  caller: Caller,
  nameOrId: string,
  denied: TokenToDeny,
): Promise<Denial> {
  requireInteractive(caller);
  requireOperator(caller);
  const application = await requireApplication(core, nameOrId);
  const { key, expiresAtMs } =
    denied.kind === 'token' ? known(core, application, denied.token.trim()) : checked(denied);
  const nowMs = core.clock();
  const row = { applicationId: application.id, key, expiresAtMs, deniedBy: caller.principal.userId };
  await core.database.write([
    denyRow(core.database, row, nowMs),
    denyGrantedToken(core.database, { key, applicationId: application.id }, nowMs),
    announceApplication(core.database, application.id),
    auditOf(core, caller, 'token_denied', key, { application: application.name }),
  ]);
  return { application, key, expiresAtMs };
}

function checked({ key, expiresAtMs }: { key: string; expiresAtMs: number | null }) {
  if (key === '' || key.length > longestKey || /[\p{Cc}\p{Cs}]/u.test(key))
    throw invalidValue('hash', `use 1 to ${longestKey} characters, none of them a control character.`);
  return { key: guid.test(key) ? key.toLowerCase() : key, expiresAtMs };
}

/** What guards know the token by, and when it ends. Its end is believed only if its signature is the application's. */
function known(core: Core, application: Application, token: string) {
  const key = denialKeyOf(token, readClaims(token));
  const secret = Buffer.from(openSigningKey(core, application));
  const signing = importVerificationKey(secret, { alg: 'HS256', kid: null, weakSecret: 'allow' });
  try {
    const rules = {
      nowSeconds: 0,
      clockToleranceSeconds: Number.MAX_SAFE_INTEGER,
      expiry: 'optional',
    } as const;
    const { expiresAtSeconds } = verifyToken(token, keySet([signing]), rules);
    return { key, expiresAtMs: expiresAtSeconds === null ? null : expiresAtSeconds * 1000 };
  } catch (error) {
    if (error instanceof TokenError) return { key, expiresAtMs: null };
    throw error;
  }
}

/** @throws {ProblemError} `invalid_value` */
function readClaims(token: string): Claims {
  try {
    return decodeToken(token).claims;
  } catch (error) {
    if (error instanceof TokenError) throw invalidValue('token', 'write a whole JSON web token.');
    throw error;
  }
}
