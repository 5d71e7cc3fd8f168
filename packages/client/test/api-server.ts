/** A real HTTP server on loopback that does what a test tells it, and remembers what it was sent. @module */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** An answer, or one that the handler writes by itself: null. */
export type Handler = (request: Received, response: ServerResponse) => Reply | null | Promise<Reply | null>;

export interface ApiServer extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** How many requests came for this path, whatever the query. */
  count(path: string): number;
  handle(handler: Handler): void;
}

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

export async function startApi(handler: Handler, tls: ServerCertificate | null = null): Promise<ApiServer> {
  let current = handler;
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response);
  };
  const server: Server = tls === null ? createServer(listener) : createTlsServer(tls, listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      return;
    }
    const { method = '', url: path = '', headers, rawHeaders } = request;
    const one = { method, path, headers, rawHeaders, body: Buffer.concat(chunks).toString('utf8') };
    received.push(one);
    const reply = await current(one, response);
    if (reply === null) return;
    const isText = typeof reply.body === 'string' || reply.body === undefined;
    const type = isText ? {} : { 'content-type': 'application/json' };
    response.writeHead(reply.status ?? 200, { ...type, ...(reply.headers as Record<string, string>) });
    response.end(isText ? (reply.body ?? '') : JSON.stringify(reply.body));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls === null ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    received,
    count: (path) => received.filter((one) => one.path.split('?')[0] === path).length,
    handle: (next) => {
      current = next;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
