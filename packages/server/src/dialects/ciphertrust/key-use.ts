/** What the keys of this dialect's JWTs are like. @module */
import type { KeyUse } from '../../domain/signing-key.ts';
import { accessTokenFormat, jwtSeconds } from './access-token-format.ts';

/** Only the server verifies these JWTs, so a new key signs at once, as clients of the original expect. */
export const ciphertrustKeys: KeyUse = {
  use: accessTokenFormat.keyUse,
  algorithms: ['ES256', 'ES384', 'ES512', 'RS256', 'HS256'],
  certificate: 'none',
  tokenLifetimeSeconds: jwtSeconds,
  publishedAheadSeconds: 0,
  facesWithoutExpiry: [],
  facesRenewedByToken: [],
};
