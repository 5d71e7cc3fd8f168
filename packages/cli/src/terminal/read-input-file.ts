/** Reads a file that was named on the command line. @module */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LocalError } from '../program/errors.ts';

/** @throws {LocalError} saying why it cannot be read */
export function readInputFile(file: string): Buffer {
  try {
    return readFileSync(resolve(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new LocalError(`${file} cannot be read (${code})`);
  }
}
