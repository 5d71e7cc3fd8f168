/** JSON calls over the built-in fetch. Every token and password that passes is registered as a secret. @module */
import { secret } from './run-folder.ts';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; `undefined` for an empty or other body. Tests look into it freely. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by assertions, not by types
  readonly body: any;
}

/** How a call differs from the plain one. */
export interface CallOptions {
  /** Sent as `Authorization: Bearer …`. */
  readonly jwt?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls of one server; a body that is no text is sent as JSON. Redirects are never followed. */
export interface Api {
  get(path: string, options?: CallOptions): Promise<Answer>;
  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  patch(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  put(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  delete(path: string, options?: CallOptions): Promise<Answer>;
}

/** The calls for the server at `url`; the same functions work after its restart. */
export function apiOf(url: string): Api {
  return {
    get: (path, options) => call(url, 'GET', path, undefined, options),
    post: (path, body, options) => call(url, 'POST', path, body, options),
    patch: (path, body, options) => call(url, 'PATCH', path, body, options),
    put: (path, body, options) => call(url, 'PUT', path, body, options),
    delete: (path, options) => call(url, 'DELETE', path, undefined, options),
  };
}

async function call(
  url: string,
  method: string,
  path: string,
  body: unknown,
  options: CallOptions = {},
): Promise<Answer> {
  const headers = new Headers(options.headers);
  if (options.jwt !== undefined) headers.set('authorization', `Bearer ${options.jwt}`);
  if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url + path, { method, headers, redirect: 'manual', body: sent ?? null });
  const text = await response.text();
  const parsed = parse(text);
  registerSecrets(parsed);
  return { status: response.status, headers: response.headers, text, body: parsed };
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
  const { jwt, accessToken, refresh_token, refreshToken } = (body ?? {}) as Record<string, unknown>;
  for (const text of [jwt, accessToken])
    if (typeof text === 'string') secret(text.slice(text.lastIndexOf('.') + 1));
  for (const text of [refresh_token, refreshToken]) if (typeof text === 'string') secret(text);
}
