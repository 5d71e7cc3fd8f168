/** Reads a request's body as JSON, whatever its Content-Type says: clients in the field send none. @module */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { refuse } from '../domain/problem.ts';

/** A body before any schema has looked at it. */
export type RawFields = Readonly<Record<string, unknown>>;

/** Takes every body, with and without a Content-Type, also an empty one. */
export function acceptBodies(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    // Fastify would refuse a type it cannot read before any parser sees the body.
    delete request.raw.headers['content-type'];
    done();
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => {
    try {
      done(null, readBody(bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/**
 * The members of a JSON object; none for an empty body.
 *
 * @throws {ProblemError} `malformed`
 */
function readBody(bytes: Buffer): RawFields {
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8');
  const text = bytes.toString('utf8');
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold a password.
    throw malformed('The body is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw malformed('The body must be a JSON object');
  return body as RawFields;
}

function malformed(message: string): Error {
  return refuse('malformed', 'unreadable_body', message);
}
