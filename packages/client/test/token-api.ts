/** An API that gives tokens `tok-1`, `tok-2` … and takes those that the test has not refused. @module */

import { tokenPath } from './adapter-folder.ts';
import { type ApiServer, type Received, type Reply, startApi } from './api-server.ts';

export interface TokenApi extends AsyncDisposable {
  readonly server: ApiServer;
  readonly port: number;
  /** Requests for a token so far. */
  readonly tokens: () => number;
  /** Requests for anything else. */
  readonly calls: () => number;
  /** From now on these are answered with 401. */
  refuse(...tokens: readonly string[]): void;
}

export interface TokenApiOptions {
  /** Members of a token answer beside `access_token`. */
  readonly beside?: object;
  readonly tokenReply?: (number: number, request: Received) => Reply | null | Promise<Reply | null>;
  readonly callReply?: (request: Received) => Reply | null | Promise<Reply | null>;
}

export async function startTokenApi(options: TokenApiOptions = {}): Promise<TokenApi> {
  const refused = new Set<string>();
  let given = 0;
  const server = await startApi(async (request) => {
    if (request.path.startsWith(tokenPath)) {
      given++;
      const reply = await options.tokenReply?.(given, request);
      return reply === undefined ? { body: { access_token: `tok-${given}`, ...options.beside } } : reply;
    }
    const token = request.headers.authorization ?? '';
    if (refused.has(token)) return { status: 401, body: { error: 'invalid token' } };
    const reply = await options.callReply?.(request);
    return reply === undefined ? { body: { path: request.path } } : reply;
  });
  const tokens = (): number => server.count(tokenPath);
  return {
    server,
    port: server.port,
    tokens,
    calls: () => server.received.length - tokens(),
    refuse: (...ones) => {
      for (const one of ones) refused.add(one);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
