/** One JSON request to a Tessera server, and its answer. @module */
import type { IncomingMessage } from 'node:http';
import { Secret } from '@tessera/token';
import type { Connection } from './connection.ts';
import { AnswerError, RefusedError } from './errors.ts';
import { masked, serialize } from './json-body.ts';
import { openRequest } from './transport.ts';
import { unreachable } from './unreachable.ts';

/** Room for a list of 2000 items with all their fields. */
const maximumAnswerBytes = 16 * 1024 * 1024;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Request {
  readonly method: Method;
  /** Begins with `/`; what a user typed is already percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON; a `Secret` in it is revealed on the wire and masked everywhere else. */
  readonly body?: object;
  /** Sent as `Authorization: Bearer`. */
  readonly jwt?: Secret;
  /** By name in lower case; a `Secret` is revealed on the wire. No header is traced. */
  readonly headers?: Readonly<Record<string, string | Secret>>;
}

export interface Answer {
  readonly status: number;
  /** Null: the answer was empty. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/**
 * Sends a request once: no repetition, and no redirect followed, which would carry credentials elsewhere.
 *
 * @throws {RefusedError} status 400 and above
 * @throws {UnreachableError} no answer in time, no connection, a certificate not trusted
 * @throws {AnswerError} an answer that is no JSON object, too large, or a redirect
 */
export async function sendRequest(connection: Connection, request: Request): Promise<Answer> {
  const url = urlOf(connection.url, request);
  connection.trace?.({ kind: 'request', method: request.method, url: url.href, body: request.body ?? null });
  const { status, text, saysExpired } = await exchange(connection, url, request);
  const body = parse(text);
  connection.trace?.({ kind: 'answer', status, body: masked(body) });
  if (status >= 400) throw new RefusedError(status, body, saysExpired);
  if (status >= 300)
    throw new AnswerError(`${url.href} redirects elsewhere (status ${status}); use the server's own URL`);
  if (body === null && text.trim() !== '')
    throw new AnswerError(`${url.href} did not answer with a JSON object`);
  return { status, body };
}

function urlOf(base: URL, request: Request): URL {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/+$/, '') + request.path;
  url.search = new URLSearchParams(request.query).toString();
  url.hash = '';
  return url;
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly saysExpired: boolean;
}

async function exchange(connection: Connection, url: URL, request: Request): Promise<RawAnswer> {
  const signal = AbortSignal.timeout(connection.timeoutMs);
  try {
    const response = await respond(connection, url, request, signal);
    return {
      status: response.statusCode ?? 0,
      text: await readText(response, url),
      saysExpired: response.headers['x-expired-token'] === 'true',
    };
  } catch (error) {
    if (error instanceof AnswerError) throw error;
    throw await unreachable(error, { connection, url, method: request.method, isTimeout: signal.aborted });
  }
}

function respond(
  connection: Connection,
  url: URL,
  request: Request,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const payload = request.body === undefined ? null : Buffer.from(serialize(request.body));
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = openRequest(connection, url, {
    method: request.method,
    signal,
    headers: {
      accept: 'application/json',
      ...(payload === null ? {} : { 'content-type': 'application/json', 'content-length': payload.length }),
      ...(request.jwt === undefined ? {} : { authorization: `Bearer ${request.jwt.reveal()}` }),
      ...revealed(request.headers ?? {}),
    },
  });
  outgoing.on('response', resolve);
  outgoing.on('error', reject);
  outgoing.end(payload);
  return promise;
}

function revealed(headers: Readonly<Record<string, string | Secret>>): Record<string, string> {
  const texts = Object.entries(headers).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : value,
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

async function readText(response: IncomingMessage, url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumAnswerBytes) throw new AnswerError(`${url.href} answered with more than 16 MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
