/** One shape for both kinds of store. @module */
import { Secret } from '@tessera/token';
import type { RefreshTokenStore, TokenPairStore } from './token-store.ts';

export interface StoredTokens {
  /** Empty: only the refresh token is stored. */
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
}

export interface TokenKeeper {
  /** The caller's own object: one for everybody who uses it. */
  readonly identity: object;
  load(): Promise<StoredTokens | null>;
  save(next: StoredTokens): Promise<unknown>;
  /** Whether there is nothing to save. */
  isSame(stored: StoredTokens, next: StoredTokens): boolean;
}

export function singleKeeper(store: RefreshTokenStore): TokenKeeper {
  return {
    identity: store,
    async load() {
      const loaded = await store.load();
      const refreshToken = loaded === null ? null : wrapped(loaded);
      return refreshToken === null ? null : { accessToken: nothing, refreshToken };
    },
    save: ({ refreshToken }) => store.save(refreshToken),
    isSame: (stored, next) => stored.refreshToken.reveal() === next.refreshToken.reveal(),
  };
}

export function pairKeeper(store: TokenPairStore): TokenKeeper {
  return {
    identity: store,
    async load() {
      const pair = await store.load();
      const refreshToken = pair === null ? null : wrapped(pair.refreshToken);
      if (pair === null || refreshToken === null) return null;
      return { accessToken: wrapped(pair.accessToken) ?? nothing, refreshToken };
    },
    save: (next) => store.save(next),
    isSame: (stored, next) =>
      stored.refreshToken.reveal() === next.refreshToken.reveal() &&
      stored.accessToken.reveal() === next.accessToken.reveal(),
  };
}

const nothing: Secret = new Secret('');

function wrapped(value: string | Secret): Secret | null {
  const secret = value instanceof Secret ? value : new Secret(value);
  return secret.reveal() === '' ? null : secret;
}
