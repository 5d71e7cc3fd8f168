/** The socket's side: plain or TLS, time-outs that slow senders cannot outlast, and an answer for what is not HTTP. @module */
import { randomUUID } from 'node:crypto';
import http, { type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ErrorFace } from './refusal.ts';

export interface Listening {
  /** PEM texts; null: plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
}

/** Milliseconds, but for the size. A whole request, body and all, must be here within `requestTimeout`. */
const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  // Node's own refusal has no body: see `withHost`.
  requireHostHeader: false,
};

export function createListener({ tls }: Listening, handler: RequestListener, face: ErrorFace): Server {
  const listener = withHost(handler, face);
  const server =
    tls === null
      ? http.createServer(limits, listener)
      : https.createServer({ ...limits, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }, listener);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    refuseBytes(error, socket, face),
  );
  return server;
}

/** Refuses a request of HTTP/1.1 without Host. @see RFC 9112 §3.2 */
function withHost(handler: RequestListener, face: ErrorFace): RequestListener {
  return (request, response) => {
    const isComplete = request.headers.host !== undefined || request.httpVersion !== '1.1';
    return isComplete ? handler(request, response) : refuseWithoutHost(response, face);
  };
}

function refuseWithoutHost(response: ServerResponse, face: ErrorFace): void {
  const problem = { kind: 'malformed', reason: 'no_host', message: 'The Host header is missing.' } as const;
  const { status, body } = face(problem, randomUUID());
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
    .end(body);
}

/** Answers what the HTTP parser refused, which no handler ever sees. */
function refuseBytes(error: NodeJS.ErrnoException, socket: Socket, face: ErrorFace): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const message =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? 'The request was not sent in time.'
      : 'The request is not HTTP.';
  const { status, body } = face(
    tooLarge ? { kind: 'too_large' } : { kind: 'malformed', reason: 'not_http', message },
    randomUUID(),
  );
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
