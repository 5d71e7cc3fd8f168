/** The work of one flight: from credentials to a token. @module */

import { Secret } from '@tessera/token';
import { staleAtMs } from '../answer/expiry.ts';
import { readTokenResponse } from '../answer/read-token-response.ts';
import { readStubToken } from '../answer/stub-token.ts';
import { buildRefreshRequest, buildTokenRequest } from '../asking/build-token-request.ts';
import { maskUrl } from '../masking/mask-text.ts';
import { TokenClientError } from '../plan/errors.ts';
import type { TokenClientEvent } from '../plan/events.ts';
import { resolveSecrets, type SecretReaders } from '../plan/resolve-secrets.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { Token } from '../plan/token.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import { headerValue, type WireRequest, type WireResponse } from '../plan/wire.ts';
import { canonicalJson } from './canonical-json.ts';
import type { CredentialPause } from './credential-pause.ts';
import { fingerprintOf, type HeldToken, type Origin, textOf } from './held-token.ts';
import type { HeldRefreshToken, Kept } from './kept-token.ts';

/** Sends a token request; the answer is whole, whatever its status. @throws {TokenClientError} stage `token` */
export type SendTokenRequest = (
  plan: TokenPlan,
  request: WireRequest,
  secrets: Secrets,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<WireResponse>;

export interface Obtaining {
  readonly send: SendTokenRequest;
  readonly now: () => number;
  readonly readers: SecretReaders;
  readonly pause: CredentialPause;
  readonly emit: (event: TokenClientEvent) => void;
}

export interface Asked {
  readonly plan: TokenPlan;
  /** Fields of this call alone; null: none. */
  readonly authData: Readonly<Record<string, unknown>> | null;
  readonly flight: number;
  /** To be tried first; null: there is none. */
  readonly refresh: HeldRefreshToken | null;
  readonly signal: AbortSignal;
}

/** What a flight brings. */
export interface Obtained extends Kept {
  readonly token: HeldToken;
}

/** @throws {TokenClientError} stage `token` @throws AbortError */
export async function obtainToken(obtaining: Obtaining, asked: Asked): Promise<Obtained> {
  const { plan, flight } = asked;
  const secrets = await resolveSecrets(plan, obtaining.readers);
  if (plan.step.kind !== 'request')
    return { token: configured(plan.step.kind, secrets, flight), refresh: null };
  if (plan.stub !== null) return stubbed(obtaining, plan, secrets, flight);
  const renewed = await renewedToken(obtaining, asked, secrets);
  return renewed ?? (await requestToken(obtaining, asked, secrets));
}

function configured(kind: 'none' | 'static', secrets: Secrets, flight: number): HeldToken {
  const token = new Secret(kind === 'static' ? textOf(secrets.token) : '');
  return {
    token,
    tokenp2: null,
    refreshToken: null,
    expiresAtMs: null,
    asReceived: null,
    fingerprint: fingerprintOf(token),
    staleAtMs: Number.POSITIVE_INFINITY,
    flight,
    by: 'configuration',
    secrets,
  };
}

function stubbed({ now, emit }: Obtaining, plan: TokenPlan, secrets: Secrets, flight: number): Obtained {
  const sentAtMs = now();
  const token = readStubToken(plan, sentAtMs);
  const held = heldOf(plan, token, { sentAtMs, by: 'stub', secrets, flight });
  emit(obtained(plan, held, { status: 200, durationMs: 0, sentAtMs }));
  return { token: held, refresh: null };
}

/** Whatever goes wrong with a refresh token, the credentials are still there: null. */
async function renewedToken(obtaining: Obtaining, asked: Asked, secrets: Secrets): Promise<Obtained | null> {
  const { plan, authData, refresh, signal } = asked;
  if (refresh === null || plan.step.kind !== 'request' || plan.step.renewal === null) return null;
  const { renewal } = plan.step;
  try {
    const request = buildRefreshRequest(plan, secrets, refresh.refreshToken, { authData: authData ?? {} });
    const [held, sentAtMs] = await exchangeForToken(obtaining, asked, secrets, {
      request,
      by: 'refresh',
      timeoutMs: renewal.request.timeoutMs,
    });
    return { token: held, refresh: refreshOf(plan, held, sentAtMs) ?? refresh };
  } catch (error) {
    if (signal.aborted || !(error instanceof TokenClientError)) throw error;
    return null;
  }
}

/** By the credentials, unless they rest. */
export async function requestToken(obtaining: Obtaining, asked: Asked, secrets: Secrets): Promise<Obtained> {
  const { plan, authData } = asked;
  if (plan.step.kind !== 'request') throw new Error('a plan without a token request has none to send');
  const { timeoutMs } = plan.step.request;
  const request = buildTokenRequest(plan, secrets, { authData: authData ?? {} });
  const key = credentialsKey(request, secrets, authData);
  const [held, sentAtMs] = await obtaining.pause.guard(key, obtaining.now, () =>
    exchangeForToken(obtaining, asked, secrets, { request, by: 'request', timeoutMs }),
  );
  return { token: held, refresh: refreshOf(plan, held, sentAtMs) };
}

/** Which credentials go where; what else a call asks for does not make others of them. */
function credentialsKey({ method, url }: WireRequest, secrets: Secrets, authData: Asked['authData']): string {
  const { username, password, client_id, client_secret } = authData ?? {};
  const [address] = url.split('?', 1);
  return canonicalJson([method, address, secrets, [username, password, client_id, client_secret]]);
}

export interface Exchange {
  readonly request: WireRequest;
  readonly by: 'request' | 'refresh';
  readonly timeoutMs: number;
}

/** Sends the request and reads the answer; both kinds of it are told as events. */
export async function exchangeForToken(
  { send, now, emit }: Obtaining,
  { plan, flight, signal }: Asked,
  secrets: Secrets,
  { request, by, timeoutMs }: Exchange,
): Promise<[HeldToken, sentAtMs: number]> {
  const sentAtMs = now();
  let status: number | null = null;
  if (plan.logging === 'token-requests') {
    const url = maskUrl(request.url, Object.values(secrets).map(textOf));
    emit({ kind: 'token_request', id: plan.id, by, method: request.method, url });
  }
  try {
    const response = await send(plan, request, secrets, { timeoutMs, signal });
    status = response.status;
    const sentCookie = headerValue(request.headers, 'cookie');
    const token = readTokenResponse(plan, { ...response, sentCookie }, sentAtMs, now(), { by, secrets });
    const held = heldOf(plan, token, { sentAtMs, by, secrets, flight });
    emit(obtained(plan, held, { status, durationMs: now() - sentAtMs, sentAtMs }));
    return [held, sentAtMs];
  } catch (error) {
    if (error instanceof TokenClientError) {
      const durationMs = now() - sentAtMs;
      const failed = { kind: 'token_failed', id: plan.id, by, error: error.kind, durationMs } as const;
      emit({ ...failed, status: error.status ?? status });
    }
    throw error;
  }
}

interface Circumstances {
  readonly sentAtMs: number;
  readonly by: Origin;
  readonly secrets: Secrets;
  readonly flight: number;
}

function heldOf(plan: TokenPlan, token: Token, { sentAtMs, by, secrets, flight }: Circumstances): HeldToken {
  return {
    ...token,
    fingerprint: fingerprintOf(token.token),
    staleAtMs: staleAtMs(plan, token, sentAtMs),
    flight,
    by,
    secrets,
  };
}

/** Null: the answer brought none, or none is ever used. */
function refreshOf(plan: TokenPlan, { refreshToken }: Token, sentAtMs: number): HeldRefreshToken | null {
  if (refreshToken === null || plan.step.kind !== 'request' || plan.step.renewal === null) return null;
  const lifetimeMs = plan.step.renewal.refreshTokenLifetimeMs;
  if (lifetimeMs === null) return { refreshToken, staleAtMs: null };
  const marginMs = Math.min(60_000, lifetimeMs / 4);
  return { refreshToken, staleAtMs: sentAtMs + lifetimeMs - marginMs };
}

function obtained(
  plan: TokenPlan,
  held: HeldToken,
  { status, durationMs, sentAtMs }: { status: number; durationMs: number; sentAtMs: number },
): TokenClientEvent {
  const lifetimeMs = held.expiresAtMs === null ? null : held.expiresAtMs - sentAtMs;
  const by = held.by === 'configuration' ? 'request' : held.by;
  const { fingerprint } = held;
  return { kind: 'token_obtained', id: plan.id, by, status, durationMs, lifetimeMs, fingerprint };
}
