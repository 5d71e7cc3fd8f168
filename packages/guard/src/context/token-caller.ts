/** What a verified access token of the `nebularstack` dialect says of who bears it. @module */
import type { Claims } from '@tessera/token';
import type { TokenContext } from './request-context.ts';

export interface TokenCaller extends TokenContext {
  readonly userId: string;
  readonly username: string;
  /** `minimal` tokens carry no roles, and are for routes that need none. */
  readonly kind: 'standard' | 'minimal';
  readonly sessionId: string;
}

/**
 * Other tokens may be signed by the same keys: what lacks a claim, or has one of another type, is none of this dialect.
 *
 * @param claims of a token that is verified already; without `roles` where `ver` is 3
 * @returns null: not an access token of this dialect
 */
export function readTokenCaller(claims: Claims): TokenCaller | null {
  const { ver, type, user_id: userId, username, sid: sessionId } = claims;
  const [domain, tenantId] = [textOrNull(claims.domain), textOrNull(claims.tenant_id)];
  const roles = ver === 3 ? (claims.roles ?? []) : claims.roles;
  if (ver !== 1 && ver !== 2 && ver !== 3) return null;
  if (type !== 'standard' && type !== 'minimal') return null;
  if (!isText(userId) || !isText(username) || !isText(sessionId)) return null;
  if (domain === undefined || tenantId === undefined || !isTexts(roles)) return null;
  // Whatever a minimal token may come to carry, it opens nothing that needs a role.
  const held = type === 'minimal' ? [] : roles;
  return { version: ver, kind: type, userId, username, sessionId, domain, tenantId, roles: held };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

/** Undefined: of another type. */
function textOrNull(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  return isText(value) ? value : undefined;
}
