/** Reads the body of a login from a stream of Node, and no more of it than a login may have. @module */
import type { IncomingMessage } from 'node:http';
import { type LoginAttempt, type LoginBody, maxLoginBodyBytes } from '../login/attempt.ts';
import type { RequestHead } from '../request/request-head.ts';

/**
 * @param parsed what a parser that ran before left; undefined: none did
 */
export function nodeLoginAttempt(request: IncomingMessage, head: RequestHead, parsed: unknown): LoginAttempt {
  return {
    head,
    contentType: request.headers['content-type'] ?? null,
    contentEncoding: request.headers['content-encoding'] ?? null,
    readBody: () => (isParsed(request, parsed) ? Promise.resolve(ofParsed(parsed)) : readStream(request)),
  };
}

/** Some parsers leave an empty object also of what they did not read. */
function isParsed(request: IncomingMessage, parsed: unknown): boolean {
  if (typeof parsed !== 'object' || parsed === null) return parsed !== undefined;
  return request.readableDidRead || Object.keys(parsed).length > 0;
}

/** Parsers for raw bodies leave bytes or text. */
function ofParsed(parsed: unknown): LoginBody {
  if (typeof parsed !== 'string' && !(parsed instanceof Uint8Array)) return { kind: 'parsed', value: parsed };
  const bytes = Buffer.from(parsed as string);
  return bytes.byteLength > maxLoginBodyBytes ? { kind: 'too-large' } : { kind: 'bytes', bytes };
}

function readStream(request: IncomingMessage): Promise<LoginBody> {
  if (Number(request.headers['content-length']) > maxLoginBodyBytes) {
    return Promise.resolve({ kind: 'too-large' });
  }
  // Somebody consumed it, and left nothing.
  if (request.readableEnded || request.destroyed) return Promise.resolve({ kind: 'unreadable' });
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const settle = (body: LoginBody): void => {
      request.off('data', take).off('end', end).off('error', fail).off('close', fail);
      resolve(body);
    };
    const take = (chunk: Uint8Array): void => {
      length += chunk.byteLength;
      if (length <= maxLoginBodyBytes) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      settle({ kind: 'too-large' });
    };
    const end = (): void => settle({ kind: 'bytes', bytes: Buffer.concat(chunks) });
    const fail = (): void => settle({ kind: 'unreadable' });
    request.on('data', take).on('end', end).on('error', fail).on('close', fail);
  });
}
