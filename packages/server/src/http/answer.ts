/** The one way an answer leaves the server: its text, its status and the headers every answer carries. @module */
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Nothing here is a page, may be framed, sniffed or kept. */
const always: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

// Written with its charset, so that Fastify need not take it apart.
const withJson = { ...always, 'content-type': 'application/json; charset=utf-8' };

/** Sends finished JSON text. */
export function sendJson(reply: FastifyReply, status: number, text: string): FastifyReply {
  reply.statusCode = status;
  return reply.headers(withJson).send(text);
}

/** Sends JSON text of any length as it comes, piece by piece, at the pace of whoever reads it. */
export function sendJsonPieces(reply: FastifyReply, pieces: AsyncIterable<string>): FastifyReply {
  return reply.headers(withJson).send(Readable.from(pieces, { objectMode: false }));
}

/** Names and values in turn, as `writeHead` takes them without looking each one up; the length comes last. */
const preparedHead = [...Object.entries(withJson).flat(), 'content-length', ''];

/**
 * Sends finished JSON text of ASCII characters by the shortest way, for the answer that is given most.
 *
 * Hooks of the response run as ever; headers that were set on the reply before are not sent.
 */
export function sendAsciiJson(reply: FastifyReply, status: number, text: string): FastifyReply {
  reply.hijack();
  preparedHead[preparedHead.length - 1] = String(text.length);
  reply.raw.writeHead(status, preparedHead);
  // Told to be ASCII, Node copies bytes instead of encoding them.
  reply.raw.end(text, 'latin1');
  return reply;
}

/** Sends text of another type, such as metrics. */
export function sendText(reply: FastifyReply, contentType: string, text: string): FastifyReply {
  return reply.headers(always).header('content-type', contentType).send(text);
}

/** Answers 204. */
export function sendNothing(reply: FastifyReply): FastifyReply {
  reply.statusCode = 204;
  return reply.headers(always).send();
}

/** Answers 304: who asks has it already. */
export function sendUnchanged(reply: FastifyReply): FastifyReply {
  reply.statusCode = 304;
  return reply.headers(always).send();
}

/** Sends finished JSON text that everybody may see and keep for a while; 304 to whoever has it already (RFC 9110 §13.1.2). */
export function sendPublicJson(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
  maxAgeSeconds: number,
): FastifyReply {
  const etag = `"${hash('sha256', text, 'base64url')}"`;
  reply.headers({ ...withJson, 'cache-control': `public, max-age=${maxAgeSeconds}`, etag });
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known === undefined || !(known.includes(etag) || known.includes('*'))) return reply.send(text);
  reply.statusCode = 304;
  return reply.removeHeader('content-type').send();
}
