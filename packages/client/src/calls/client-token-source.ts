/** The tokens of a client, for whoever places them by himself. @module */
import type { Secret } from '@tessera/token';
import { type Fetch, fetchTransport } from '../http/fetch-transport.ts';
import type { Overrides } from '../plan/override-plan.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { WireRequest, WireResponse } from '../plan/wire.ts';
import type { HeldToken } from '../token-source/held-token.ts';
import type { TokenSource, TokenTarget } from '../token-source/token-source.ts';
import type { Call } from './call.ts';
import type { ClientOptions } from './client-options.ts';
import { type Engine, emitterFor, sourceFor } from './engine.ts';
import { type FetchInit, fetchCall } from './fetch-call.ts';
import { type CallBase, callBase, targetFor } from './prepare-request.ts';

export interface ClientTokenSource {
  /** @throws {TokenClientError} stage `token` @throws AbortError */
  get(wanted?: TokenWanted): Promise<ClientToken>;
  /** Drops this token, and no newer one: the next `get` brings another. */
  refuse(held: ClientToken): void;
}

export interface TokenWanted extends Pick<Call, 'authData'> {
  readonly overrides?: Overrides;
  readonly signal?: AbortSignal;
}

export interface ClientToken {
  readonly token: Secret;
  readonly tokenp2: Secret | null;
  /** Epoch milliseconds; null: not known. */
  readonly expiresAtMs: number | null;
  /** Eight characters that tell one token from another and nothing else. */
  readonly fingerprint: string;
}

const sources = new WeakMap<ClientTokenSource, TokenSource>();

export function clientTokenSource(source: TokenSource, base: CallBase): ClientTokenSource {
  const given = new WeakMap<ClientToken, readonly [TokenTarget, HeldToken]>();
  const tokens: ClientTokenSource = {
    async get({ authData, overrides, signal } = {}) {
      const target = targetFor(base, authData, overrides);
      const held = source.peek(target) ?? (await source.get(target, signal ?? null));
      const { token, tokenp2, expiresAtMs, fingerprint } = held;
      const one: ClientToken = { token, tokenp2, expiresAtMs, fingerprint };
      given.set(one, [target, held]);
      return one;
    },
    refuse(one) {
      const known = given.get(one);
      if (known !== undefined) source.refuse(...known);
    },
  };
  sources.set(tokens, source);
  return tokens;
}

export interface TokenSourceOptions
  extends Pick<ClientOptions, 'cache' | 'cacheSecret' | 'now' | 'vaults' | 'decryptSecret' | 'onEvent'> {
  /** Sends a token request; the answer is whole, whatever its status. */
  readonly send: (request: WireRequest, limits: { readonly signal: AbortSignal }) => Promise<WireResponse>;
}

/**
 * The tokens of a plan, with a transport of the caller's own.
 *
 * @see spec, section 2
 */
export function tokenSource(plan: TokenPlan, options: TokenSourceOptions): ClientTokenSource {
  const { send } = options;
  const source = sourceFor(plan, options, emitterFor(options), {
    send: (_plan, request, _secrets, limits) => send(request, limits),
  });
  return clientTokenSource(source, callBase(plan, source.hmacKey));
}

/**
 * A `fetch` that places the tokens of a source, and renews them when they are refused.
 *
 * @param source made by `tokenSource`, or a client's
 * @see spec, section 2
 */
export function authorizedFetch(
  source: ClientTokenSource,
  plan: TokenPlan,
  fetch: Fetch,
): (input: string | URL | Request, init?: FetchInit) => Promise<Response> {
  const tokens = sources.get(source);
  if (tokens === undefined) throw new TypeError('the source was not made by tokenSource or a client');
  const engine: Pick<Engine, 'transport' | 'source' | 'emit' | 'stub'> = {
    transport: fetchTransport(fetch),
    source: tokens,
    emit: () => {},
    stub: null,
  };
  const base = callBase(plan, tokens.hmacKey);
  return (input, init) => fetchCall(engine, base, input, init);
}
