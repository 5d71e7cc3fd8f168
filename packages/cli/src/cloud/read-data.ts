/** The body of a call. @module */
import type { InputStream } from '../program/context.ts';
import { readAll } from '../terminal/read-all.ts';
import { readInputFile } from '../terminal/read-input-file.ts';

const maximumBytes = 256 * 1024 * 1024;

/**
 * Whole, because it may have to be sent twice.
 *
 * @param written `@FILE`, `-` or `@-` for standard input, or the text itself
 */
export async function readData(written: string, stdin: InputStream): Promise<Uint8Array> {
  if (written === '-' || written === '@-') return readAll(stdin, maximumBytes);
  return written.startsWith('@') ? readInputFile(written.slice(1)) : Buffer.from(written);
}
