/** Speaks RESP 2 to a Redis, a command at a time. @module */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { RedisCommand } from '../src/index.ts';

export interface RedisClient {
  readonly command: RedisCommand;
  close(): void;
}

export async function redisClient(port: number): Promise<RedisClient> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const waiting: PromiseWithResolvers<unknown>[] = [];
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let read = readAnswer(rest); read !== null; read = readAnswer(rest)) {
      rest = rest.subarray(read.bytes);
      const next = waiting.shift();
      if (read.answer instanceof Error) next?.reject(read.answer);
      else next?.resolve(read.answer);
    }
  });
  return {
    command(...words) {
      const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
      socket.write(`*${words.length}\r\n${parts.join('')}`);
      const one = Promise.withResolvers<unknown>();
      waiting.push(one);
      return one.promise;
    },
    close: () => socket.destroy(),
  };
}

interface Line {
  readonly text: string;
  readonly bytes: number;
}

function readLine(from: Buffer, at = 0): Line | null {
  const end = from.indexOf('\r\n', at);
  return end === -1 ? null : { text: from.toString('utf8', at, end), bytes: end + 2 - at };
}

/** @returns null: the answer is not complete yet */
function readAnswer(from: Buffer): { readonly answer: unknown; readonly bytes: number } | null {
  const line = readLine(from);
  if (line === null) return null;
  const [kind, text] = [line.text[0], line.text.slice(1)];
  if (kind === '+') return { answer: text, bytes: line.bytes };
  if (kind === ':') return { answer: Number(text), bytes: line.bytes };
  if (kind === '-') return { answer: new Error(text), bytes: line.bytes };
  if (text === '-1') return { answer: null, bytes: line.bytes };
  const end = line.bytes + Number(text);
  if (from.length < end + 2) return null;
  return { answer: from.toString('utf8', line.bytes, end), bytes: end + 2 };
}

/** A command as a client sends it; null: it is not complete yet. */
export function readWords(
  from: Buffer,
): { readonly words: readonly string[]; readonly bytes: number } | null {
  const head = readLine(from);
  if (head === null) return null;
  const words: string[] = [];
  let at = head.bytes;
  for (let left = Number(head.text.slice(1)); left > 0; left--) {
    const length = readLine(from, at);
    if (length === null) return null;
    const begin = at + length.bytes;
    const end = begin + Number(length.text.slice(1));
    if (from.length < end + 2) return null;
    words.push(from.toString('utf8', begin, end));
    at = end + 2;
  }
  return { words, bytes: at };
}
