/** The body of a call. @module */
import { readFileSync } from 'node:fs';
import type { InputStream } from '../program/context.ts';
import { LocalError } from '../program/errors.ts';
import { readWhole } from '../terminal/read-whole.ts';

const maximumBytes = 256 * 1024 * 1024;

/** Whole, because it may have to be sent twice. @param written `@FILE`, `-` or `@-` for standard input, or the text itself */
export async function readData(written: string, stdin: InputStream): Promise<Uint8Array> {
  if (written === '-' || written === '@-') return readWhole(stdin, maximumBytes);
  if (!written.startsWith('@')) return Buffer.from(written);
  const path = written.slice(1);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new LocalError(`the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
