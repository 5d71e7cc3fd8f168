/** Reads the body of a login from a fetch-style request, and no more of it than a login may have. @module */
import { type LoginAttempt, type LoginBody, maxLoginBodyBytes } from '../login/attempt.ts';
import type { RequestHead } from '../request/request-head.ts';

/** @param readConsumed what a reader that ran before left of the body */
export function fetchLoginAttempt(
  request: Request,
  head: RequestHead,
  readConsumed: () => Promise<LoginBody>,
): LoginAttempt {
  return {
    head,
    contentType: request.headers.get('content-type'),
    contentEncoding: request.headers.get('content-encoding'),
    readBody: () => (request.bodyUsed ? readConsumed() : readBody(request)),
  };
}

async function readBody({ headers, body }: Request): Promise<LoginBody> {
  if (Number(headers.get('content-length')) > maxLoginBodyBytes) return { kind: 'too-large' };
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      length += chunk.byteLength;
      if (length > maxLoginBodyBytes) return { kind: 'too-large' };
      chunks.push(chunk);
    }
  } catch {
    return { kind: 'unreadable' };
  }
  return { kind: 'bytes', bytes: Buffer.concat(chunks) };
}
