/** Stands between a guard and its server, and lets it be down, slow, or something else altogether. @module */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Mood = 'honest' | 'down' | 'silent' | 'html' | 'redirect' | 'error' | 'huge' | 'garbled';

export interface FickleProxy {
  readonly url: string;
  mood: Mood;
  /** How often it was asked for a path since the start. */
  asked(path: string): number;
  close(): Promise<void>;
}

export async function startFickleProxy(target: () => string): Promise<FickleProxy> {
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  let mood: Mood = 'honest';
  const server = createServer((incoming, response) => {
    const path = (incoming.url ?? '').split('?')[0] ?? '';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    answer(mood, target(), incoming, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (mood === 'down') socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get mood() {
      return mood;
    },
    set mood(next) {
      mood = next;
      // What is under way ends as well: the next request meets the new mood.
      cut();
    },
    asked: (path) => counts.get(path) ?? 0,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(mood: Mood, target: string, incoming: IncomingMessage, response: ServerResponse): void {
  switch (mood) {
    case 'down':
      incoming.socket.destroy();
      return;
    case 'silent':
      return;
    case 'html':
      response.setHeader('content-type', 'text/html').end('<html>Sign in to the network</html>');
      return;
    case 'redirect':
      response.writeHead(302, { location: `${target}/elsewhere` }).end();
      return;
    case 'error':
      response.writeHead(500).end('{"status":500}');
      return;
    case 'huge':
      response.setHeader('content-type', 'application/json').end(`{"x":"${'x'.repeat(20_000_000)}"}`);
      return;
    case 'garbled':
      response
        .setHeader('content-type', 'application/json')
        .end('{"keys":[],"revocations":7,"active":"yes"}');
      return;
    case 'honest': {
      const { method, headers, url = '/' } = incoming;
      const onward = request(new URL(url, target), { method: method ?? 'GET', headers }, (answered) => {
        response.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(response);
      });
      onward.once('error', () => response.destroy());
      response.once('close', () => onward.destroy());
      incoming.pipe(onward);
    }
  }
}
