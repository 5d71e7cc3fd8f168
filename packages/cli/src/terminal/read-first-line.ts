/** Takes a secret from standard input. @module */
import { Secret } from '@tessera/client';
import type { InputStream } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';

const maximumBytes = 4096;

/** @throws {UsageError} an empty line, or one too long to be a password */
export async function readFirstLine(stdin: InputStream): Promise<Secret> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    const part = Buffer.from(chunk as string);
    chunks.push(part);
    bytes += part.length;
    if (part.includes('\n') || bytes > maximumBytes) break;
  }
  const line = Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)[0] ?? '';
  if (line === '' || bytes > maximumBytes)
    throw new UsageError('standard input does not begin with a line to use as password');
  return new Secret(line);
}
