/** Programs whose tokens are registered here, and those tokens. @module */
import type { ApplicationId, UserId } from './ids.ts';

/** A program that verifies tokens with a shared key of its own. */
export interface Application {
  readonly id: ApplicationId;
  /** Grows with every change: a writer that saw an older one decides again. */
  readonly version: number;
  /** Unique without regard to case. */
  readonly name: string;
  /** `iss` and `aud` of its tokens. */
  readonly issuer: string;
  readonly audience: string;
  readonly sealedSigningKey: string;
  /** Number of the signing key, from 1. */
  readonly keyNumber: number;
  /** Of the credential its guards show; the credential itself is kept nowhere. */
  readonly credentialHash: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A token granted here; its text is kept nowhere. */
export interface GrantedToken {
  /** Time-ordered. */
  readonly id: string;
  readonly applicationId: ApplicationId;
  /** Its hash claim. */
  readonly key: string;
  /** Of the signing key that it was made with. */
  readonly keyNumber: number;
  /** Who answers for it: the user whose name it carries, else who granted it. */
  readonly userId: UserId;
  readonly identity: string;
  readonly roles: readonly string[];
  readonly description: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs: number | null;
  /** From when on it is revoked; ahead, where its key is being replaced. */
  readonly deniedFromMs: number | null;
}

export type GrantedTokenState = 'live' | 'expired' | 'revoked' | 'suspended';

export function grantedTokenState(
  { deniedFromMs, expiresAtMs }: Pick<GrantedToken, 'deniedFromMs' | 'expiresAtMs'>,
  owner: 'stands' | 'suspended',
  nowMs: number,
): GrantedTokenState {
  if (deniedFromMs !== null && deniedFromMs <= nowMs) return 'revoked';
  if (expiresAtMs <= nowMs) return 'expired';
  return owner === 'stands' ? 'live' : 'suspended';
}

/** How long after its end a guard may still take a token, its clock being wrong. */
export const guardSkewMs = 300_000;
