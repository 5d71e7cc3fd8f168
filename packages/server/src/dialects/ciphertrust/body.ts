/** Reads a request's body, JSON or form, whatever its Content-Type claims. @module */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { refuse } from '../../domain/problem.ts';

/** A body before any schema has looked at it. */
export type RawFields = Readonly<Record<string, unknown>>;

/** How deep JSON may be nested. */
const maximumDepth = 32;

const usualTypes = ['application/json', 'application/x-www-form-urlencoded'];

const readableType = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/** Takes every body, with and without a Content-Type, and whatever that says. */
export function acceptBodies(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    // Fastify would refuse a type it cannot read before any parser sees the body.
    const type = request.raw.headers['content-type'];
    if (type !== undefined && !readableType.test(type)) delete request.raw.headers['content-type'];
    done();
  });
  // All are read alike; but the parser of a type that is named is found at once, that of any other one by searching.
  app.addContentTypeParser([...usualTypes, '*'], { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      done(null, readBody(bytes as Buffer, request.headers['content-type'] ?? ''));
    } catch (error) {
      done(error as Error);
    }
  });
}

/**
 * The fields of a body: an object of JSON, or a form, whose repeated fields become lists.
 *
 * @throws {ProblemError} `malformed`
 */
export function readBody(bytes: Buffer, contentType: string): RawFields {
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8.');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const start = text.search(/\S/);
  if (start === -1) return {};
  if (text[start] === '{') return readJson(text);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) return readForm(text);
  if (/\bjson\b/i.test(contentType)) throw malformed('The body must be a JSON object.');
  throw malformed('Write the body as a JSON object or as a form.');
}

function readJson(text: string): RawFields {
  let fields: RawFields;
  try {
    fields = JSON.parse(text) as RawFields;
  } catch {
    // The parser's own message quotes the body, which may hold a password.
    throw malformed('The body is not valid JSON.');
  }
  checkTree(fields, maximumDepth);
  return fields;
}

function readForm(text: string): RawFields {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = fields[name];
    if (earlier === undefined) fields[name] = value;
    else if (Array.isArray(earlier)) earlier.push(value);
    else fields[name] = [earlier, value];
  }
  return fields;
}

/** Refuses what is legal JSON and yet nobody's honest request. */
function checkTree(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw malformed('The body is nested too deeply.');
  for (const name of Object.keys(value)) {
    if (name === '__proto__') throw malformed('The body may not hold a field "__proto__".');
    checkTree((value as RawFields)[name], depth - 1);
  }
}

function malformed(message: string): Error {
  return refuse('malformed', 'unreadable_body', message);
}
