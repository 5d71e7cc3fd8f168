/** The guard's answers as fetch-style responses. @module */
import type { Answer } from '../guard/answer.ts';

export function responseOf({ status, headers, body }: Answer): Response {
  return new Response(body === '' ? null : body, { status, headers: { ...headers } });
}
