/** All that comes on a stream. @module */
import type { InputStream } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';

/** @throws {UsageError} more than `maximumBytes` */
export async function readWhole(stream: InputStream, maximumBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    const part = Buffer.from(chunk as string);
    bytes += part.length;
    if (bytes > maximumBytes) throw new UsageError(`more than ${maximumBytes} bytes come on standard input`);
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}
