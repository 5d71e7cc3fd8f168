/** A client from a typed configuration. @module */
import { openClient, type TokenClient } from '../calls/token-client.ts';
import { compileConfig } from './compile-config.ts';
import { obtainByStored } from './stored-refresh-token.ts';
import type { TokenClientConfig, TokenConfig } from './token-client-config.ts';
import { pairKeeper, singleKeeper, type TokenKeeper } from './token-keeper.ts';

/**
 * @throws {ConfigurationError} with everything that is wrong
 * @see spec, section 11
 */
export function createTokenClient(config: TokenClientConfig): TokenClient {
  const plan = compileConfig(config);
  const keeper = keeperOf(config.token);
  if (keeper === null) return openClient(plan, config);
  const login = 'login' in config.token && config.token.login !== undefined ? 'there' : 'none';
  // A renewal that was begun is brought to its end: its answer holds the only refresh token that still works.
  return openClient(plan, config, { obtain: obtainByStored(keeper, login), abandonment: 'goes on' });
}

function keeperOf(token: TokenConfig): TokenKeeper | null {
  if (token.kind === 'refresh-token') return singleKeeper(token.refreshToken);
  if (token.kind !== 'tessera') return null;
  return token.dialect === 'ciphertrust' ? singleKeeper(token.refreshToken) : pairKeeper(token.refreshToken);
}
