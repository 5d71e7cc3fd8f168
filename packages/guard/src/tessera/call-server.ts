/** One request to a Tessera server: bounded in time and size, following no redirect, keeping no process alive. @module */
import http from 'node:http';
import https from 'node:https';
import { Secret } from '@tessera/token';
import { readText } from './read-text.ts';
import { ServerError } from './server-error.ts';

export interface ServerCall {
  readonly method: 'GET' | 'POST';
  /** Below the server's address, without a slash before it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** For all of it, the answer's body included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ServerAnswer {
  readonly status: 200 | 204 | 304;
  readonly tag: string | null;
  /** The JSON object of a 200; null otherwise. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

export type CallServer = (call: ServerCall) => Promise<ServerAnswer>;

const maxBytes = 16_777_216;

/** The returned function throws {@link ServerError}. @throws {TypeError} for a credential that is none */
export function serverCaller(server: URL, credential: string | Secret): CallServer {
  const secret = credential instanceof Secret ? credential : new Secret(credential);
  if (!/^[\x21-\x7e]+$/.test(secret.reveal() ?? ''))
    throw new TypeError('the credential of a guard is one word');
  const { request, Agent } = server.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  return async ({ method, path, headers = {}, body, timeoutMs, signal }) => {
    const text = body === undefined ? null : JSON.stringify(body);
    const sent = request(new URL(path, server), {
      method,
      agent,
      signal: withTimeout(timeoutMs, signal),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${secret.reveal()}`,
        ...(text === null
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
        ...headers,
      },
    });
    // Whoever waits for a request that waits is a request of the program, which keeps it alive by itself.
    sent.on('socket', (socket) => socket.unref());
    sent.end(text ?? undefined);
    try {
      const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
      sent.once('response', resolve).once('error', reject);
      return await readAnswer(await promise);
    } catch (error) {
      sent.destroy();
      throw failureOf(error);
    }
  };
}

function withTimeout(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const late = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? late : AbortSignal.any([late, signal]);
}

async function readAnswer(response: http.IncomingMessage): Promise<ServerAnswer> {
  const { statusCode: status = 0, headers } = response;
  if (status !== 200 && status !== 204 && status !== 304) {
    response.destroy();
    throw new ServerError(status === 401 || status === 403 ? 'credential_refused' : 'bad_status');
  }
  const text = await readText(response, maxBytes);
  const tag = headers.etag ?? null;
  if (status !== 200) return { status, tag, body: null };
  return { status, tag, body: readObject(text) };
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ServerError('bad_content');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ServerError('bad_content');
  return body as Readonly<Record<string, unknown>>;
}

function failureOf(error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  const { code, name, cause } = error as { code?: string; name?: string; cause?: { name?: string } };
  const isLate = name === 'TimeoutError' || (code === 'ABORT_ERR' && cause?.name === 'TimeoutError');
  return new ServerError(isLate ? 'timeout' : 'unreachable');
}
