/** Where a redirect leads, and as what request. @module */
import type { Header } from '../plan/wire.ts';
import type { HttpHead, HttpRequest } from './http-exchange.ts';

export interface Redirect {
  readonly url: string;
  readonly origin: 'same' | 'other';
}

const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @returns null: the answer is no redirect, or leads nowhere that HTTP could go */
export function redirectOf({ status, headers }: HttpHead, requestUrl: string): Redirect | null {
  const { location } = headers;
  if (!redirecting.has(status) || typeof location !== 'string') return null;
  if (!URL.canParse(location, requestUrl)) return null;
  const url = new URL(location, requestUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  return { url: url.href, origin: url.origin === new URL(requestUrl).origin ? 'same' : 'other' };
}

/** Fetch standard §4.4, step 12: 303 asks by GET, and so do 301 and 302 after a POST. */
export function redirected(request: HttpRequest, status: number, url: string): HttpRequest {
  const { method } = request;
  const becomesGet =
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  if (!becomesGet) return { ...request, url };
  const headers = request.headers.filter(([name]) => !/^content-/i.test(name));
  return { method: 'GET', url, headers, body: null };
}

/** What may be shown to another server: nothing by which the caller was known to this one. */
export function withoutCredentials(
  headers: readonly Header[],
  placed: ReadonlySet<string>,
): readonly Header[] {
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !placed.has(lower) && lower !== 'authorization' && lower !== 'cookie';
  });
}
