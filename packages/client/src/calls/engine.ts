/** The parts that calls of one client share: connections, tokens, whoever watches. @module */
import { Secret } from '@tessera/token';
import { fetchTransport } from '../http/fetch-transport.ts';
import type { HttpAnswer, HttpTransport } from '../http/http-exchange.ts';
import { undiciTransport } from '../http/undici-transport.ts';
import type { TokenClientEvent } from '../plan/events.ts';
import { resolveSecret, type SecretReaders } from '../plan/resolve-secrets.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import { CredentialPause } from '../token-source/credential-pause.ts';
import { sealedCache } from '../token-source/external-cache.ts';
import { tokenRequestSender } from '../token-source/send-token-request.ts';
import { TokenSource, type TokenSourceParts } from '../token-source/token-source.ts';
import type { ClientOptions } from './client-options.ts';
import { stubAnswer } from './stub-answers.ts';

export interface Engine {
  readonly plan: TokenPlan;
  readonly transport: HttpTransport;
  readonly source: TokenSource;
  readonly emit: (event: TokenClientEvent) => void;
  readonly now: () => number;
  readonly readers: SecretReaders;
  /** Answers calls where nothing is sent; null: they are sent. */
  readonly stub: ((call: { readonly method: string; readonly url: string }) => HttpAnswer) | null;
}

/** @param how where tokens come from otherwise than by the plan's token request */
export function openEngine(
  plan: TokenPlan,
  options: ClientOptions,
  how: Pick<TokenSourceParts, 'obtain' | 'abandonment'> = {},
): Engine {
  const transport = options.fetch === undefined ? undiciFor(plan, options) : fetchTransport(options.fetch);
  const emit = emitterFor(options);
  const source = sourceFor(plan, options, emit, { ...how, send: tokenRequestSender(transport) });
  const stub = plan.stub === null ? null : stubAnswer.bind(null, options.stubAnswers);
  return { plan, transport, source, emit, now: options.now ?? Date.now, readers: options, stub };
}

export function sourceFor(
  plan: TokenPlan,
  options: ClientOptions,
  emit: Engine['emit'],
  how: Pick<TokenSourceParts, 'send' | 'obtain' | 'abandonment'>,
): TokenSource {
  return new TokenSource({
    ...how,
    now: options.now ?? Date.now,
    readers: options,
    pause: new CredentialPause(({ rejections, pauseMs }, { status }) =>
      emit({ kind: 'credentials_paused', id: plan.id, status, rejections, pauseMs }),
    ),
    emit,
    cache: cacheFor(plan, options, emit),
  });
}

function undiciFor(plan: TokenPlan, options: ClientOptions): HttpTransport {
  const { tls, proxy } = plan.transport;
  const source = proxy?.password ?? null;
  return undiciTransport({
    tls,
    proxy,
    proxyPassword: async () => (source === null ? null : await resolveSecret(plan.id, source, options)),
  });
}

/** Whoever watches shall not be able to break a call. */
export function emitterFor({ onEvent }: Pick<ClientOptions, 'onEvent'>): Engine['emit'] {
  if (onEvent === undefined) return () => {};
  return (event) => {
    try {
      onEvent(event);
    } catch {
      // Nobody is left to be told.
    }
  };
}

function cacheFor(
  plan: TokenPlan,
  { cache, cacheSecret }: ClientOptions,
  emit: Engine['emit'],
): TokenSourceParts['cache'] {
  if (plan.cache === 'memory') return null;
  // The plan was refused at load if they were missing.
  if (cache === undefined || cacheSecret === undefined)
    throw new TypeError('cache and cacheSecret are needed');
  const secret = typeof cacheSecret === 'string' ? new Secret(cacheSecret) : cacheSecret;
  return sealedCache(cache, secret, (operation, message) =>
    emit({ kind: 'cache_failed', id: plan.id, operation, message }),
  );
}
