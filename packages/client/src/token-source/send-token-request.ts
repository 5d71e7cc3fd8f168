/** Sends a token request: bare, within its limits, and never to another origin than the configured one. @module */

import { headerPairs } from '../http/header-pairs.ts';
import type { HttpHead, HttpRequest, HttpTransport } from '../http/http-exchange.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { redirected, redirectOf } from '../http/redirect.ts';
import { maskUrl } from '../masking/mask-text.ts';
import { type ErrorKind, type Icode, TokenClientError } from '../plan/errors.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { WireResponse } from '../plan/wire.ts';
import { textOf } from './held-token.ts';
import type { SendTokenRequest } from './obtain-token.ts';

export function tokenRequestSender(transport: HttpTransport): SendTokenRequest {
  return async (plan, wire, secrets, { timeoutMs, signal }) => {
    const limits = { timeoutMs, signal, maxResponseBytes: plan.transport.maxTokenResponseBytes };
    let request: HttpRequest = wire;
    for (let left = plan.transport.redirects; ; left--) {
      const answer = await transport.send(request, limits).catch((error: unknown) => {
        throw worded(error, plan, secrets, request);
      });
      const redirect = left > 0 ? redirectOf(answer, request.url) : null;
      if (redirect === null) return responseOf(answer);
      if (redirect.origin === 'other') throw leadsElsewhere(secrets, request, answer);
      request = redirected(request, answer.status, redirect.url);
    }
  };
}

function responseOf({ status, headers, body }: HttpHead & { readonly body: Uint8Array }): WireResponse {
  return { status, headers: headerPairs(headers), body };
}

const kinds: Readonly<Record<HttpFailure['fault'], ErrorKind>> = {
  timeout: 'token_timeout',
  unreachable: 'token_unreachable',
  disconnected: 'token_unreachable',
  'too-large': 'token_too_large',
  closed: 'token_unreachable',
  'not-sendable': 'request_invalid',
};

const cures: Readonly<Record<HttpFailure['fault'], string>> = {
  timeout: 'see whether the server is well, or raise "timeout" of the action or "attempt_timeout"',
  unreachable: 'check protocol, host, port, proxy and "ssl" of the configuration',
  disconnected: 'see whether the server is well, and speaks this protocol on this port',
  'too-large': 'check the path: a token answer is small; or raise "maxTokenResponseBytes"',
  closed: 'make a new client',
  'not-sendable': 'check the method, path and headers of the action',
};

function worded(error: unknown, plan: TokenPlan, secrets: Secrets, request: HttpRequest): unknown {
  if (!(error instanceof HttpFailure)) return error;
  const { method } = request;
  const url = shown(request, secrets);
  const cure = cures[error.fault];
  return new TokenClientError(
    kinds[error.fault],
    'token',
    `Token request failed: ${method} ${url}: ${sentence(error.message)} To cure it, ${cure}.`,
    { method, url, cure, ...perCallIcode(plan, error.fault), cause: error },
  );
}

/** The original tells apart whether the token was to be kept. */
function perCallIcode({ lifetime }: TokenPlan, fault: HttpFailure['fault']): { readonly icode?: Icode } {
  const isCounted = fault === 'timeout' || fault === 'unreachable' || fault === 'disconnected';
  return lifetime.kind === 'per-call' && isCounted ? { icode: 'AD.400' } : {};
}

function leadsElsewhere(secrets: Secrets, request: HttpRequest, { status }: HttpHead): TokenClientError {
  const { method } = request;
  const url = shown(request, secrets);
  const cure = 'set "sso" of the action to the server that gives the tokens';
  return new TokenClientError(
    'redirect_refused',
    'token',
    `Token request not followed: ${method} ${url} redirects to another origin (status ${status}), where the credentials must not go. To cure it, ${cure}.`,
    { status, method, url, cure, icode: 'AD.402' },
  );
}

function shown({ url }: HttpRequest, secrets: Secrets): string {
  return maskUrl(url, Object.values(secrets).map(textOf));
}

const sentence = (words: string): string => (/[.?!]$/.test(words) ? words : `${words}.`);
