/** Why a call came to nothing, in words that can be shown. @module */
import { HttpFailure } from '../http/http-failure.ts';
import { maskBody, maskUrl } from '../masking/mask-text.ts';
import { type ErrorKind, TokenClientError } from '../plan/errors.ts';
import type { Secrets } from '../plan/secrets.ts';
import { type HeldToken, textOf } from '../token-source/held-token.ts';
import type { PreparedCall } from './prepared-call.ts';

/** What is known of the attempt that failed. */
export interface Attempted {
  readonly status?: number;
  /** Of the answer; nothing of it is shown unmasked. */
  readonly body?: Uint8Array;
  readonly attempts: number;
  readonly held: HeldToken;
}

/** More is not looked at for the excerpt of 512 characters. */
const excerptBytes = 64 * 1024;

export type AnsweredKind = Extract<
  ErrorKind,
  'call_refused' | 'call_status' | 'not_repeatable' | 'redirect_refused'
>;

export function callError(call: PreparedCall, kind: AnsweredKind, attempted: Attempted): TokenClientError {
  const excerpt = excerptOf(call, attempted);
  const { text, cure } = words[kind](attempted.status ?? 0, attempted.attempts);
  const answered = excerpt === null || excerpt === '' ? '' : ` ${excerpt}`;
  return errorOf(call, kind, `${text}${kind === 'call_status' ? answered : ''}`, {
    ...attempted,
    excerpt,
    cure,
  });
}

interface Words {
  readonly text: string;
  readonly cure: string;
}

const words: Readonly<Record<AnsweredKind, (status: number, attempts: number) => Words>> = {
  call_refused: (status, attempts) => ({
    text: `refused with ${status} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, also with a fresh token`,
    cure: 'check that the user may make this call, and where and in what format the token is placed',
  }),
  call_status: (status) => ({
    text: `answered ${status}`,
    cure: 'see what the server says about it',
  }),
  not_repeatable: (status) => ({
    text: `refused with ${status}; the body is a stream already read`,
    cure: 'pass bytes, text, or a function that returns a new body',
  }),
  redirect_refused: (status) => ({
    text: `redirects to another origin (status ${status}), and only GET and HEAD go there, without the token`,
    cure: 'call the other server by a client of its own',
  }),
};

/** What the transport threw; anything else is passed through. */
export function transportError(call: PreparedCall, error: unknown, attempted: Attempted): unknown {
  if (!(error instanceof HttpFailure)) return error;
  const kind = kinds[error.fault];
  return errorOf(call, kind, error.message, {
    ...attempted,
    excerpt: null,
    cure: cures[error.fault],
    cause: error,
  });
}

const kinds: Readonly<Record<HttpFailure['fault'], ErrorKind>> = {
  timeout: 'call_timeout',
  unreachable: 'call_disconnected',
  disconnected: 'call_disconnected',
  'too-large': 'call_disconnected',
  closed: 'call_disconnected',
  'not-sendable': 'placement_failed',
};

const cures: Readonly<Record<HttpFailure['fault'], string>> = {
  timeout: 'see whether the server is well, or raise "attempt_timeout"',
  unreachable: 'check protocol, host, port, proxy and "ssl" of the configuration',
  disconnected: 'see whether the server is well; the call may have had its effect',
  'too-large': 'ask for less, or raise "maxCallResponseBytes"',
  closed: 'make a new client',
  'not-sendable': 'check the method, path and headers of the call',
};

interface Details extends Attempted {
  readonly excerpt: string | null;
  readonly cure: string;
  readonly cause?: unknown;
}

function errorOf(call: PreparedCall, kind: ErrorKind, text: string, details: Details): TokenClientError {
  const { method } = call;
  // The call's own URL: it has no token in it.
  const url = maskUrl(call.url, Object.values(details.held.secrets).map(textOf));
  const { excerpt, cure, attempts, cause, status } = details;
  return new TokenClientError(
    kind,
    'call',
    `${method} ${url}: ${/[.?!]$/.test(text) ? text : `${text}.`} To cure it, ${cure}.`,
    {
      method,
      url,
      excerpt,
      cure,
      attempts,
      status: status ?? null,
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

function excerptOf({ target }: PreparedCall, { body, held }: Attempted): string | null {
  if (body === undefined || body.length === 0) return null;
  // To the masks a token is one more secret.
  const secrets = {
    ...held.secrets,
    token: held.token,
    tokenp2: held.tokenp2,
    configured: held.secrets.token,
  };
  return maskBody(body.subarray(0, excerptBytes), secrets as Secrets, target.plan.sensitive);
}
