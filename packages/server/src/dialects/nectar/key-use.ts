/** What the keys of this dialect's tokens are like. @module */
import type { KeyUse } from '../../domain/signing-key.ts';

/** The longest life that an access token may be given. */
export const longestAccessSeconds = 86_400;

/** Guards verify these tokens by the published keys, which they remember for some minutes. */
export const nectarKeys: KeyUse = {
  use: 'nectar',
  algorithms: ['ES256', 'RS256'],
  certificate: 'none',
  tokenLifetimeSeconds: longestAccessSeconds,
  publishedAheadSeconds: 300,
  facesWithoutExpiry: [],
  facesRenewedByToken: ['nectar'],
};
