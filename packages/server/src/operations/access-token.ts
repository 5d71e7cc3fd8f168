/** Access tokens: a dialect gives their shape, the core makes them. @module */
import { randomUUID } from 'node:crypto';
import { signToken } from '@tessera/token';
import type { HeldSession, Holder } from '../domain/holder.ts';
import type { Session } from '../domain/session.ts';
import type { Configured } from './configured.ts';
import type { Core } from './core.ts';

/** How one dialect's access tokens look. */
export interface AccessTokenFormat {
  /** The interface whose tokens they are: sessions opened with this format work only there. */
  readonly face: string;
  readonly lifetimeSeconds: number;
  /** Which of the signing keys in use signs them. */
  readonly keyUse: string;
  /** The claims, in the order they are written. */
  readonly claims: (input: AccessTokenInput) => object;
}

export interface AccessTokenInput {
  readonly issuer: string;
  readonly audience: string;
  readonly holder: Holder;
  readonly session: Session;
  /** UUID of this token. */
  readonly tokenId: string;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
}

/** Makes an access token for a session, as its holder is at this moment. */
export function mint(
  core: Core,
  { keys }: Configured,
  format: AccessTokenFormat,
  held: HeldSession,
  nowMs: number,
): string {
  const key = keys.current(format.keyUse);
  if (key === null) throw new Error(`no signing key for ${format.keyUse}: it is made at start`);
  const issuedAtSeconds = Math.floor(nowMs / 1000);
  const claims = format.claims({
    issuer: core.issuer,
    audience: core.audience,
    holder: held.holder,
    session: held.session,
    tokenId: randomUUID(),
    issuedAtSeconds,
    expiresAtSeconds: issuedAtSeconds + format.lifetimeSeconds,
  });
  return signToken(key, claims, { typ: 'JWT' });
}
