/** Writes the guard's answers to Node's responses. @module */
import type { ServerResponse } from 'node:http';
import type { Answer } from '../guard/answer.ts';

export function writeAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
