/** Headers as they are typed. @module */
import { UsageError } from '../program/errors.ts';

const name = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const value = /^[\t\x20-\x7e\x80-\xff]*$/;
/** They are of the connection, or of the credential that goes to the connected host. */
const ours: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'host',
  'transfer-encoding',
  'x-refresh-token',
]);

/** `Name: value` each. @throws {UsageError} its value is not repeated */
export function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lines.map(readHeader));
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  const [key, text] = [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1).trim()];
  if (!name.test(key) || !value.test(text)) throw new UsageError('a header is written as "Name: value"');
  if (ours.has(key)) throw new UsageError(`the header ${key} is set by this program`);
  return [key, text];
}
