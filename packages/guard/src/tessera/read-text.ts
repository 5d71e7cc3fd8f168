/** The body of a server's answer, and no more of it than an answer has. @module */
import type http from 'node:http';
import { ServerError } from './server-error.ts';

/** @throws {ServerError} `too_large`; and what breaks the connection */
export async function readText(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new ServerError('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
