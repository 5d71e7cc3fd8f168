/** Takes everything from standard input. @module */
import type { InputStream } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';

const mebibyte = 1_048_576;

/** @throws {UsageError} more than `maximumBytes` */
export async function readAll(stdin: InputStream, maximumBytes: number = mebibyte): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    const part = Buffer.from(chunk as string);
    chunks.push(part);
    bytes += part.length;
    if (bytes > maximumBytes) throw new UsageError('standard input holds too much');
  }
  return Buffer.concat(chunks);
}
