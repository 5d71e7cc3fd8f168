/**
 * Finds out whether the route that a request will come to is marked as public.
 *
 * Express asks its routes one after the other, and the guard stands before them: so it looks ahead, the way the router will go. Where
 * it cannot see (a router it does not know, another Express), nothing is public.
 * @module
 */
import type { Request, RequestHandler } from 'express';
import { pathOf } from '../guard/public-endpoints.ts';

const marked = new WeakSet<object>();
let hasMarks = false;

export function markPublic(handler: RequestHandler): RequestHandler {
  marked.add(handler);
  hasMarks = true;
  return handler;
}

/** What is used of Express's router: `stack` and `match`, by which tools list an app's routes. */
interface Layer {
  readonly handle: { readonly stack?: readonly Layer[] } & object;
  readonly route?: { readonly stack: readonly { readonly handle: object; readonly method?: string }[] };
  readonly path?: string;
  match(path: string): boolean | { readonly path: string };
}

interface Search {
  readonly guard: object;
  readonly methods: readonly string[];
  /** The guard itself was come by: only what stands after it counts. */
  isAfterGuard: boolean;
}

/** @param guard the middleware that asks */
export function isMarkedPublic(request: Request, guard: object): boolean {
  if (!hasMarks) return false;
  const router = request.app.router as unknown as { readonly stack?: readonly Layer[] } | undefined;
  const mountPath = request.app.path();
  const path = pathOf(request.originalUrl);
  if (router?.stack === undefined || !path.startsWith(mountPath)) return false;
  const method = request.method.toLowerCase();
  const search: Search = {
    guard,
    methods: method === 'head' ? ['head', 'get'] : [method],
    isAfterGuard: false,
  };
  return firstRoute(router.stack, withSlash(path.slice(mountPath.length)), search) ?? false;
}

/** Whether the first route that takes the request is marked; null: none takes it. */
function firstRoute(stack: readonly Layer[], path: string, search: Search): boolean | null {
  for (const layer of stack) {
    if (layer.handle === search.guard) search.isAfterGuard = true;
    const matched = matchedPath(layer, path);
    if (matched === null) continue;
    if (layer.route !== undefined) {
      const handlers = layer.route.stack.filter(
        ({ method }) => method === undefined || search.methods.includes(method),
      );
      if (search.isAfterGuard && handlers.length > 0)
        return handlers.some(({ handle }) => marked.has(handle));
    } else if (layer.handle.stack !== undefined) {
      const found = firstRoute(layer.handle.stack, withSlash(path.slice(matched.length)), search);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The part of the path that the layer takes; null: it does not take it. */
function matchedPath(layer: Layer, path: string): string | null {
  try {
    const match = layer.match(path);
    if (match === false || match === null || match === undefined) return null;
    return match === true ? (layer.path ?? null) : match.path;
  } catch {
    return null;
  }
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
