/** A small Redis: the protocol of its clients (RESP 2), with GET, SET, DEL and their lifetimes. @module */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { readWords } from './redis-client.ts';

export interface RedisEntry {
  readonly key: string;
  readonly text: string;
  readonly ttlMs: number;
}

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  entries(): readonly RedisEntry[];
}

export async function startRedis(): Promise<RedisServer> {
  const kept = new Map<string, { readonly text: string; readonly endMs: number }>();
  const sockets = new Set<Socket>();
  const living = (key: string): { readonly text: string; readonly endMs: number } | null => {
    const entry = kept.get(key);
    if (entry === undefined || entry.endMs > Date.now()) return entry ?? null;
    kept.delete(key);
    return null;
  };

  function answer([command = '', key = '', text = '', option = '', amount = '']: readonly string[]): string {
    switch (command.toUpperCase()) {
      case 'PING':
        return '+PONG\r\n';
      case 'GET': {
        const entry = living(key);
        return entry === null ? '$-1\r\n' : `$${Buffer.byteLength(entry.text)}\r\n${entry.text}\r\n`;
      }
      case 'SET': {
        if (option !== '' && option.toUpperCase() !== 'PX') return '-ERR syntax error\r\n';
        if (option !== '' && !/^[1-9]\d*$/.test(amount))
          return '-ERR value is not an integer or out of range\r\n';
        kept.set(key, {
          text,
          endMs: option === '' ? Number.POSITIVE_INFINITY : Date.now() + Number(amount),
        });
        return '+OK\r\n';
      }
      case 'DEL':
        return `:${Number(kept.delete(key))}\r\n`;
      default:
        return `-ERR unknown command '${command}'\r\n`;
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let read = readWords(rest); read !== null; read = readWords(rest)) {
        rest = rest.subarray(read.bytes);
        socket.write(answer(read.words));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    entries: () => [...kept].map(([key, { text, endMs }]) => ({ key, text, ttlMs: endMs - Date.now() })),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
