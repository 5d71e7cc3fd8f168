/** What the keys of this dialect's tokens are like. @module */
import type { KeyUse } from '../../domain/signing-key.ts';

const day = 86_400;

/**
 * Guards verify these tokens by the published keys, which they remember for some minutes. An expired V2 token is shown for
 * a new one up to 30 days later; V3 tokens do not expire at all.
 */
export const nebularstackKeys: KeyUse = {
  use: 'nebularstack',
  algorithms: ['RS256', 'ES256'],
  certificate: 'always',
  tokenLifetimeSeconds: 31 * day,
  publishedAheadSeconds: 300,
  facesWithoutExpiry: ['nebularstack-v3'],
  facesRenewedByToken: [],
};
