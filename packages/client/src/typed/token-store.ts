/** Where refresh tokens are between renewals: a vault, a file, a database, of the caller's choice. @module */
import type { Secret } from '@tessera/token';

export interface RefreshTokenStore {
  /** @returns null: there is none */
  load(): Promise<string | Secret | null>;
  /** Called before the renewed token is used for anything: what it does not keep is lost. */
  save(next: Secret): Promise<unknown>;
}

/** Two that are worth something only together. */
export interface TokenPairTexts {
  readonly accessToken: string | Secret;
  readonly refreshToken: string | Secret;
}

export interface TokenPairStore {
  /** @returns null: there is none */
  load(): Promise<TokenPairTexts | null>;
  /** Called before the renewed pair is used for anything: what it does not keep is lost. */
  save(next: { readonly accessToken: Secret; readonly refreshToken: Secret }): Promise<unknown>;
}
