/** The request that ends a refresh token's session. @module */
import type { Secret } from '@tessera/token';
import type { Request } from './send-request.ts';

export interface Revocation {
  readonly refreshToken: Secret;
  /** Came with the refresh token; proves that the caller is its holder. */
  readonly clientId: string;
}

/** Answered with 204; a second time as well. */
export function buildRevocation(revocation: Revocation): Request {
  return {
    method: 'POST',
    path: '/api/v1/auth/revoke',
    body: { token: revocation.refreshToken, client_id: revocation.clientId },
  };
}
