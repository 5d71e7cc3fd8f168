/** What a call's body is on the wire, and whether it can be sent a second time. @module */
import { Readable } from 'node:stream';
import type { CallBody, CallContent } from './call.ts';

export type WireBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array | null; readonly contentType: string | null }
  | {
      readonly kind: 'stream';
      readonly stream: AsyncIterable<Uint8Array>;
      readonly contentType: string | null;
    };

export interface BodySource {
  /** For the next attempt. */
  next(): WireBody | Promise<WireBody>;
  readonly repeatable: 'yes' | 'no';
}

/** @param payload members that join a JSON object */
export function bodySource(
  body: CallBody | undefined,
  payload: Readonly<Record<string, unknown>>,
): BodySource | Promise<BodySource> {
  if (typeof body === 'function') {
    const make = body as () => CallContent | Promise<CallContent>;
    return { repeatable: 'yes', next: async () => wireBody(await make(), payload) };
  }
  return fixedBody(wireBody(body ?? null, payload));
}

function fixedBody(body: WireBody | Promise<WireBody>): BodySource | Promise<BodySource> {
  if (body instanceof Promise) return body.then(fixedBody);
  return { repeatable: body.kind === 'bytes' ? 'yes' : 'no', next: () => body };
}

function wireBody(
  content: CallContent,
  payload: Readonly<Record<string, unknown>>,
): WireBody | Promise<WireBody> {
  if (content === null) return noBody;
  if (typeof content === 'string')
    return { kind: 'bytes', bytes: Buffer.from(content), contentType: 'text/plain;charset=UTF-8' };
  if (content instanceof Uint8Array) return { kind: 'bytes', bytes: content, contentType: null };
  if (ArrayBuffer.isView(content))
    return wireBody(new Uint8Array(content.buffer, content.byteOffset, content.byteLength), payload);
  if (content instanceof ArrayBuffer) return wireBody(new Uint8Array(content), payload);
  if (content instanceof URLSearchParams || content instanceof FormData || content instanceof Blob)
    return encoded(content);
  // A number or a flag, from a program without types: JSON has them, too.
  if (typeof content === 'object' && isStream(content))
    return { kind: 'stream', stream: content, contentType: null };
  return json(content, payload);
}

const noBody: WireBody = { kind: 'bytes', bytes: null, contentType: null };

function json(content: object, payload: Readonly<Record<string, unknown>>): WireBody {
  const isMembers = typeof content === 'object' && !Array.isArray(content);
  const value = isMembers ? { ...payload, ...content } : content;
  return { kind: 'bytes', bytes: Buffer.from(JSON.stringify(value)), contentType: 'application/json' };
}

/** Forms are written by the platform, which chooses a boundary and says it in the content type. */
async function encoded(content: URLSearchParams | FormData | Blob): Promise<WireBody> {
  const response = new Response(content);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { kind: 'bytes', bytes, contentType: response.headers.get('content-type') };
}

function isStream(content: object): content is AsyncIterable<Uint8Array> {
  return content instanceof Readable || Symbol.asyncIterator in content;
}
