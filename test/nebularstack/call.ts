/** Calls as clients of the field make them: no content type, the token in `X-Auth-Token`. @module */
import type { Answer } from '../harness/http.ts';
import { secret } from '../harness/run-folder.ts';

/** How a call differs from the plain one. */
export interface CallOptions {
  /** Sent as `X-Auth-Token`. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON; left out: no body. */
  readonly body?: unknown;
  /** The client's address; left out: one that nobody else has, so that no suite is slowed by another's wrong guesses. */
  readonly from?: string;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Sends one request. Tokens, secrets and recovery codes that come back are registered as secrets of the run. */
export async function send(
  url: string,
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const headers = new Headers(options.headers);
  headers.set('x-forwarded-for', options.from ?? someAddress());
  if (options.token !== undefined) headers.set('x-auth-token', options.token);
  const { body } = options;
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url + path, {
    method,
    headers,
    redirect: 'manual',
    // Bytes: a text would be sent with a content type.
    body: text === null ? null : Buffer.from(text),
  });
  const answer = await response.text();
  const parsed = parse(answer);
  registerSecrets(parsed);
  return { status: response.status, headers: response.headers, text: answer, body: parsed };
}

let addresses = 0;

/** An address of the range for benchmarks (RFC 2544) that nobody had before, as if from a client somewhere. */
export function someAddress(): string {
  addresses += 1;
  return `198.18.${addresses >> 8}.${addresses & 255}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of a JWT the signature is what makes it usable; the rest is no secret. */
function registerSecrets(body: unknown): void {
  const {
    token,
    refresh_token,
    secret: key,
    recovery_codes: codes,
  } = (body ?? {}) as Record<string, unknown>;
  if (typeof token === 'string') secret(token.slice(token.lastIndexOf('.') + 1));
  for (const text of [refresh_token, key, ...(Array.isArray(codes) ? codes : [])]) {
    if (typeof text === 'string') secret(text);
  }
}
