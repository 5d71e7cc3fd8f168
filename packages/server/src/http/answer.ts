/** The one way an answer leaves the server: its text, its status and the headers every answer carries. @module */
import type { FastifyReply } from 'fastify';

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

/** Sends text of another type, such as metrics. */
export function sendText(reply: FastifyReply, contentType: string, text: string): FastifyReply {
  return reply.headers(always).header('content-type', contentType).send(text);
}

/** Answers 204. */
export function sendNothing(reply: FastifyReply): FastifyReply {
  reply.statusCode = 204;
  return reply.headers(always).send();
}
