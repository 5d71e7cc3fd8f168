/** Paths work with and without a trailing slash, and a run of slashes counts as one; nobody is redirected. @module */

/** The URL as the router knows it; the query stays as it is. */
export function normaliseSlashes(url: string): string {
  const queryAt = url.indexOf('?');
  const end = queryAt === -1 ? url.length : queryAt;
  const doubled = url.indexOf('//');
  const isPlain = (doubled === -1 || doubled >= end) && (end <= 1 || url.charCodeAt(end - 1) !== slash);
  if (isPlain) return url;
  const path = url.slice(0, end).replace(/\/+/g, '/');
  return (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path) + url.slice(end);
}

const slash = 47;
