/**
 * Finds out whether the route that a request will come to is marked as public.
 *
 * Hono knows all handlers that a request may come to before it calls the first. The mark counts in the handlers of the first route
 * after the guard, and in middleware before it.
 * @module
 */
import type { Context } from 'hono';

const marked = new WeakSet<object>();
let hasMarks = false;

export function markPublic<Handler extends object>(handler: Handler): Handler {
  marked.add(handler);
  hasMarks = true;
  return handler;
}

export function isMarkedPublic(c: Context): boolean {
  if (!hasMarks) return false;
  const rest = c.req.matchedRoutes.slice(c.req.routeIndex + 1);
  let route: { readonly method: string; readonly path: string } | null = null;
  for (const { handler, method, path } of rest) {
    // The handlers of one route stand together; what comes behind them is another's.
    if (route !== null && (route.method !== method || route.path !== path)) return false;
    if (marked.has(handler)) return true;
    // Two parameters: it may call the next one. Anything else answers, and the route ends with it.
    if (handler.length < 2) return false;
    if (method !== 'ALL') route = { method, path };
  }
  return false;
}
