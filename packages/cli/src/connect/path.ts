/** Paths of the server's API. @module */
import { UsageError } from '../program/errors.ts';

/**
 * `apiPath('auth/tokens', id)`; a `|` in an id and a space in a name are encoded.
 *
 * @param names what a user typed
 * @throws {UsageError} a name that a path cannot carry: empty, `.` and `..`, which would be another path
 */
export function apiPath(resource: string, ...names: readonly string[]): string {
  return ['/api/v1', resource, ...names.map(pathSegment)].join('/');
}

/** The same of the `nebularstack` dialect: `scopedPath('tenant', id)`. @throws {UsageError} as {@link apiPath} */
export function scopedPath(resource: string, ...names: readonly string[]): string {
  return ['/v1', resource, ...names.map(pathSegment)].join('/');
}

/** @throws {UsageError} as {@link apiPath} */
export function pathSegment(name: string): string {
  if (/^\.{0,2}$/.test(name))
    throw new UsageError(`${JSON.stringify(name)} is no name that the server can have`);
  return encodeURIComponent(name);
}
