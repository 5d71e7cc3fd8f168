/** What a verified access token of a Tessera server says of who bears it, whichever interface made it. @module */
import type { JsonObject } from '@tessera/token';
import { readTokenCaller, type TokenCaller } from '../context/token-caller.ts';
import type { RevocableToken } from './revocation-state.ts';
import type { TokenKind } from './token-kind.ts';

export interface ServerToken extends RevocableToken {
  readonly kind: TokenKind;
  /** Scoped by the token; a request's headers may narrow it. */
  readonly caller: TokenCaller;
}

/**
 * The same keys may sign other tokens: whatever is not exactly one of these is no access token, a token for completing a
 * sign-in included.
 *
 * @returns null: no access token
 */
export function readServerToken(claims: JsonObject): ServerToken | null {
  const { jti, iat } = claims;
  if (!isText(jti) || typeof iat !== 'number' || iat < 0) return null;
  const readers = [
    'ver' in claims ? readNebularstack : null,
    'gen' in claims ? readNectar : null,
    'acc' in claims ? readCiphertrust : null,
  ].filter((reader) => reader !== null);
  const [reader, ...others] = readers;
  const read = reader === undefined || others.length > 0 ? null : reader(claims);
  if (read === null) return null;
  const { kind, caller, generation } = read;
  const { sessionId, userId } = caller;
  return { kind, caller, generation, sessionId, userId, issuedAtSeconds: iat };
}

type Read = Pick<ServerToken, 'kind' | 'caller' | 'generation'>;

function readNebularstack(claims: JsonObject): Read | null {
  const caller = readTokenCaller(claims);
  return caller === null || caller.kind === 'minimal'
    ? null
    : { kind: 'nebularstack', caller, generation: null };
}

function readNectar(claims: JsonObject): Read | null {
  const { gen, sub, roles } = claims;
  if (typeof gen !== 'number' || !Number.isSafeInteger(gen) || gen < 0) return null;
  const caller = callerOf(claims, { userId: sub, roles, domain: null, tenantId: null });
  return caller === null ? null : { kind: 'nectar', caller, generation: gen };
}

function readCiphertrust(claims: JsonObject): Read | null {
  const { sub, acc, cust, domain = null, tenant_id: tenantId = null } = claims;
  if (!isText(acc) || !isText(sub)) return null;
  const roles = typeof cust === 'object' && cust !== null && 'groups' in cust ? cust.groups : null;
  const userId = sub.slice(sub.lastIndexOf('|') + 1);
  const caller = callerOf(claims, { userId, roles, domain, tenantId });
  return caller === null ? null : { kind: 'ciphertrust', caller, generation: null };
}

/** Such tokens act in their own scope, like one of version 1. */
function callerOf(
  { sid, preferred_username: username }: JsonObject,
  { userId, roles, domain, tenantId }: Record<'userId' | 'roles' | 'domain' | 'tenantId', unknown>,
): TokenCaller | null {
  if (!isText(sid) || !isText(username) || !isText(userId) || !isTexts(roles)) return null;
  if (!isTextOrNull(domain) || !isTextOrNull(tenantId)) return null;
  return { version: 1, kind: 'standard', userId, username, sessionId: sid, domain, tenantId, roles };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
