/** The loads that refresh: each request presents the refresh token of the answer before. @module */
import { deal, type Follow, type Load, type PostOptions, postText, tokenSlot } from '../load/load.ts';

export interface RefreshLoadOptions {
  readonly connections: number;
  readonly refreshTokens: readonly string[];
  /** Milliseconds between an answer and the next request of its connection. */
  readonly pauseMs?: number;
}

/** As clients of a CipherTrust Manager write it. */
export function tesseraPost(renewal: 'plain' | 'renew'): PostOptions {
  const grant = `"grant_type":"refresh_token","refresh_token":"${tokenSlot}"`;
  const body = renewal === 'renew' ? `{${grant},"renew_refresh_token":true}` : `{${grant}}`;
  return { path: '/api/v1/auth/tokens', contentType: 'application/json', body };
}

/** Refresh with renewal: every answer holds the next token. */
export function renewalLoad(post: PostOptions, port: number, options: RefreshLoadOptions): Load {
  return { ...plainLoad(post, port, options), follow: [followIn(post, options.refreshTokens[0] ?? '')] };
}

/** Refresh with the same tokens again and again. */
export function plainLoad(post: PostOptions, port: number, options: RefreshLoadOptions): Load {
  const requests = options.refreshTokens.map((token) => postText(post, token));
  return {
    port,
    requests: deal(requests, options.connections),
    follow: [],
    pauseMs: options.pauseMs ?? 0,
    accept: 'successes',
  };
}

function followIn(post: PostOptions, token: string): Follow {
  const at = postText(post, token).indexOf(token);
  return { marker: '"refresh_token":"', length: token.length, at };
}
