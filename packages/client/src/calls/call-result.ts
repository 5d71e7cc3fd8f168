/** An answer as the caller of `client.request` gets it. @module */
import type { HttpAnswer } from '../http/http-exchange.ts';
import type { CallResult } from './call.ts';

export function callResult({ status, headers, body }: HttpAnswer, attempts: number): CallResult {
  return { status, icode: `AD.${status}`, headers, body: contentOf(headers['content-type'], body), attempts };
}

/** JSON that does not parse is still text. */
function contentOf(contentType: string | readonly string[] | undefined, bytes: Uint8Array): unknown {
  if (bytes.length === 0) return null;
  const type = typeof contentType === 'string' ? contentType : '';
  const isJson = type === '' || isJsonType(type);
  if (!isJson && !isTextType(type)) return bytes;
  const text = textOf(bytes);
  if (!isJson) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

const isJsonType = (type: string): boolean =>
  type.startsWith('application/json') || /^[^;]+[/+]json\s*(?:;|$)/i.test(type);

const isTextType = (type: string): boolean =>
  /^(?:text\/|application\/(?:xml|javascript|x-www-form-urlencoded)|[^;]+\+xml)/i.test(type);
