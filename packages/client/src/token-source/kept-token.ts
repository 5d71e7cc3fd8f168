/** Where the tokens of one client are kept: in memory, or in a cache that was handed in. @module */
import { Secret } from '@tessera/token';
import type { SealedCache } from './external-cache.ts';
import type { HeldToken } from './held-token.ts';

/** A refresh token, while it may be used. */
export interface HeldRefreshToken {
  readonly refreshToken: Secret;
  /** Epoch milliseconds; null: until it is refused. */
  readonly staleAtMs: number | null;
}

/** Either may be there without the other. */
export interface Kept {
  readonly token: HeldToken | null;
  readonly refresh: HeldRefreshToken | null;
}

export const nothingKept: Kept = { token: null, refresh: null };

/** Long enough for a refresh token whose end nobody knows. */
const unknownLifeMs = 30 * 24 * 60 * 60 * 1000;

export async function writeKept(cache: SealedCache, key: string, kept: Kept, nowMs: number): Promise<void> {
  const { token, refresh } = kept;
  const endsMs = [
    ...(token?.staleAtMs == null ? [] : [token.staleAtMs]),
    ...(refresh === null ? [] : [refresh.staleAtMs ?? nowMs + unknownLifeMs]),
  ];
  if (endsMs.length === 0) return cache.drop(key);
  const sealed = {
    token: token && {
      token: token.token,
      tokenp2: token.tokenp2,
      asReceived: token.asReceived,
      expiresAtMs: token.expiresAtMs,
      staleAtMs: token.staleAtMs,
      by: token.by,
      fingerprint: token.fingerprint,
    },
    refresh,
  };
  // A token of a static configuration never ends by itself.
  const ttlMs = Math.min(Math.max(...endsMs) - nowMs, unknownLifeMs);
  return ttlMs > 0 ? cache.write(key, sealed, Math.ceil(ttlMs)) : cache.drop(key);
}

interface SealedToken {
  readonly token: string;
  readonly tokenp2: string | null;
  readonly asReceived: { readonly token: string | null; readonly tokenp2: string | null } | null;
  readonly expiresAtMs: number | null;
  readonly staleAtMs: number | null;
  readonly by: HeldToken['by'];
  readonly fingerprint: string;
}

/** @param flight the newest when the cache was asked: any later one is newer than what it answers */
export async function readKept(cache: SealedCache, key: string, flight: number): Promise<Kept> {
  // What opens was sealed here, so it has the shape that was sealed.
  const value = (await cache.read(key)) as {
    readonly token: SealedToken | null;
    readonly refresh: { readonly refreshToken: string; readonly staleAtMs: number | null } | null;
  } | null;
  if (value === null) return nothingKept;
  const { token, refresh } = value;
  return {
    token: token && {
      ...token,
      token: new Secret(token.token),
      tokenp2: wrapped(token.tokenp2),
      asReceived: token.asReceived && {
        token: wrapped(token.asReceived.token),
        tokenp2: wrapped(token.asReceived.tokenp2),
      },
      refreshToken: null,
      flight,
      secrets: {},
    },
    refresh: refresh && { ...refresh, refreshToken: new Secret(refresh.refreshToken) },
  };
}

const wrapped = (text: string | null): Secret | null => (text === null ? null : new Secret(text));
