/** A call of an API with a credential: any method and body, the answer as a stream. @module */
import type { IncomingMessage } from 'node:http';
import type { Secret } from '@tessera/token';
import { InputError } from '../input-error.ts';
import type { Connection } from '../tessera/connection.ts';
import { openRequest } from '../tessera/transport.ts';
import { unreachable } from '../tessera/unreachable.ts';

export interface HostCall {
  readonly method: string;
  /** Path and query on the host, or a whole address of it. */
  readonly path: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whole, so that it can be sent again. */
  readonly body: Uint8Array | null;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

const mostRedirects = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const bodyless: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Follows redirects within the host. To other hosts it goes without the credential and without what was sent along,
 * and only where nothing but reading was asked; else the redirect itself is the answer.
 *
 * @param authorization the header's value
 * @throws {InputError} the path leads to another host
 * @throws {UnreachableError} no answer
 */
export async function sendCall(
  connection: Connection,
  call: HostCall,
  authorization: Secret,
): Promise<IncomingMessage> {
  let url = urlOn(connection.url, call.path);
  let current: HostCall = call;
  for (let followed = 0; ; followed += 1) {
    const isHome = url.origin === connection.url.origin;
    const response = await exchange(
      connection,
      url,
      isHome ? withCredential(current, authorization) : bare(current),
    );
    const next = followed < mostRedirects ? followRedirect(response, url, current, connection.url) : null;
    if (next === null) return response;
    response.resume();
    url = next.url;
    current = next.call;
  }
}

/** @throws {InputError} */
function urlOn(base: URL, path: string): URL {
  const url = URL.parse(path, base);
  if (url !== null && url.origin === base.origin && url.username === '' && url.password === '') return url;
  throw new InputError(`the path must stay on ${base.host}, whose token must not reach another host`);
}

function withCredential(call: HostCall, authorization: Secret): HostCall {
  return { ...call, headers: { accept: '*/*', ...call.headers, authorization: authorization.reveal() } };
}

const bare = (call: HostCall): HostCall => ({ ...call, headers: { accept: '*/*' }, body: null });

interface Followed {
  readonly url: URL;
  readonly call: HostCall;
}

/** Null: there is none, or it is not followed. */
function followRedirect(
  { statusCode = 0, headers }: IncomingMessage,
  from: URL,
  call: HostCall,
  home: URL,
): Followed | null {
  const url =
    redirects.has(statusCode) && headers.location !== undefined ? URL.parse(headers.location, from) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  // As browsers have it: 303 always becomes a GET, and so does a POST that was moved.
  const becomesGet = statusCode === 303 || (statusCode < 303 && call.method === 'POST');
  const { 'content-type': _, ...headersOfGet } = call.headers;
  const next =
    becomesGet && call.method !== 'HEAD'
      ? { ...call, method: 'GET', headers: headersOfGet, body: null }
      : call;
  const isHome = url.origin === home.origin;
  const isDowngrade = from.protocol === 'https:' && url.protocol === 'http:';
  return isDowngrade || (!isHome && !bodyless.has(next.method)) ? null : { url, call: next };
}

async function exchange(connection: Connection, url: URL, call: HostCall): Promise<IncomingMessage> {
  const { method, headers, body, signal } = call;
  connection.trace?.({ kind: 'request', method, url: url.href, body: null });
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), connection.timeoutMs);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const length = body === null ? {} : { 'content-length': body.byteLength };
  const outgoing = openRequest(connection, url, {
    method,
    headers: { ...headers, ...length },
    signal: signal === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, signal]),
  });
  outgoing.on('response', resolve);
  outgoing.on('error', reject);
  outgoing.end(body);
  try {
    const response = await promise;
    connection.trace?.({ kind: 'answer', status: response.statusCode ?? 0, body: null });
    // From here on, only silence counts: a long answer may take its time.
    response.setTimeout(connection.timeoutMs, () =>
      response.destroy(new Error('the answer stopped arriving')),
    );
    return response;
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw await unreachable(error, { connection, url, method, isTimeout: giveUp.signal.aborted });
  } finally {
    clearTimeout(timer);
  }
}
