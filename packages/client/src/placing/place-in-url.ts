/** A token in the address of a call. @module */
import { TokenClientError } from '../plan/errors.ts';

/** Before what is in the query already; a fragment stays last. */
export function placeInQuery(url: string, text: string): string {
  const { path, query, fragment } = partsOf(url);
  return `${path}?${text}${query === '' ? '' : `&${query}`}${fragment}`;
}

/**
 * Behind the path, with one `/` between.
 *
 * @throws {TokenClientError} `placement_failed`: a segment would be `.` or `..`
 */
export function placeInPath(url: string, text: string): string {
  if (text.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) {
    throw new TokenClientError('placement_failed', 'call', 'The token would be a path segment "." or "..".', {
      cure: 'Look at what the token endpoint answers.',
    });
  }
  const { path, question, query, fragment } = partsOf(url);
  const between = path.endsWith('/') || text.startsWith('/') ? '' : '/';
  return `${path}${between}${path.endsWith('/') && text.startsWith('/') ? text.slice(1) : text}${question}${query}${fragment}`;
}

function partsOf(url: string): { path: string; question: string; query: string; fragment: string } {
  const hash = url.indexOf('#');
  const address = hash < 0 ? url : url.slice(0, hash);
  const mark = address.indexOf('?');
  return {
    path: mark < 0 ? address : address.slice(0, mark),
    question: mark < 0 ? '' : '?',
    query: mark < 0 ? '' : address.slice(mark + 1),
    fragment: hash < 0 ? '' : url.slice(hash),
  };
}
