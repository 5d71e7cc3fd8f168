/** Endpoints inside a protected API that are open to everybody: `GET /api/health`, `GET /docs/*`. @module */
import type { RequestHead } from '../request/request-head.ts';

export interface PublicEndpoint {
  readonly method: string;
  /** Without the `*`. */
  readonly path: string;
  readonly isPrefix: boolean;
}

const form = /^([A-Z]+) (\/\S*)$/;

/** @throws {TypeError} for what is not `METHOD /path`, with a `*` at the very end of a segment's place or nowhere */
export function readPublicEndpoint(text: string): PublicEndpoint {
  const [, method, path] = form.exec(text) ?? [];
  if (method === undefined || path === undefined) {
    throw new TypeError(
      `a public endpoint is written "GET /path" or "GET /path/*", not ${JSON.stringify(text)}`,
    );
  }
  const isPrefix = path.endsWith('/*');
  const fixed = isPrefix ? path.slice(0, -1) : path;
  if (fixed.includes('*') || !isPlainPath(fixed)) {
    throw new TypeError(`a public endpoint has a plain path, and "*" only as its last part: ${text}`);
  }
  return { method, path: fixed, isPrefix };
}

/** Letters of a path (RFC 3986 §3.3) and escapes; nothing that some reader takes for a slash, a dot segment or an end. */
const plain = /^(?:\/(?!\.{1,2}(?:\/|$))(?:[\w.~!$&'()+,;=:@*-]|%[\dA-F]{2})*)+$/i;
/** `.`, `/`, `\`, `%` and control characters, escaped. */
const treacherous = /%(?:2e|2f|5c|25|[01][\da-f]|7f)/i;
const emptySegment = /\/\//;

/** A path that every router reads alike: only such a path can be public. */
export function isPlainPath(path: string): boolean {
  return plain.test(path) && !treacherous.test(path) && !emptySegment.test(path);
}

export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

/** `GET` covers HEAD. */
export function isPublic(patterns: readonly PublicEndpoint[], { method, target }: RequestHead): boolean {
  const path = pathOf(target);
  const asked = method === 'HEAD' ? 'GET' : method;
  return patterns.some((pattern) => matches(pattern, asked, path)) && isPlainPath(path);
}

function matches(pattern: PublicEndpoint, method: string, path: string): boolean {
  if (pattern.method !== method) return false;
  return pattern.isPrefix ? path.startsWith(pattern.path) : path === pattern.path;
}
