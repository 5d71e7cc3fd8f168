/** The shared key of a command, from wherever it is given. @module */
import { Secret } from '@tessera/client';
import { defaultSigningKey } from '@tessera/token';
import type { Context } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';
import { type Flag, switchFlag, textFlag } from '../program/flag.ts';
import { warn } from '../terminal/print.ts';
import { readAll } from '../terminal/read-all.ts';
import { readInputFile } from '../terminal/read-input-file.ts';

interface SigningKeyFlags {
  readonly 'signing-key-file': Flag<string | null>;
  readonly 'signing-key-stdin': Flag<boolean>;
  readonly 'signing-key': Flag<string | null>;
}

export const signingKeyFlags: SigningKeyFlags = {
  'signing-key-file': textFlag('the signing key is the content of this file, without a final newline', {
    placeholder: 'FILE',
    completion: 'file',
  }),
  'signing-key-stdin': switchFlag('the signing key comes from standard input, without a final newline'),
  'signing-key': textFlag('the signing key; shows in process lists, better one of the above', {
    placeholder: 'KEY',
  }),
};

type Options = {
  readonly [K in 'signing-key-file' | 'signing-key']: string | null;
} & { readonly 'signing-key-stdin': boolean };

/**
 * A flag, else `TESSERA_SIGNING_KEY`, else the default key.
 *
 * @throws {UsageError} more than one flag, or an empty key
 * @throws {LocalError} a file that cannot be read
 */
export async function readSigningKey(
  options: Options,
  context: Context,
): Promise<Secret<string | Uint8Array>> {
  const { 'signing-key-file': file, 'signing-key-stdin': isPiped, 'signing-key': typed } = options;
  if ([file !== null, isPiped, typed !== null].filter(Boolean).length > 1) {
    throw new UsageError('give one of --signing-key-file, --signing-key-stdin and --signing-key');
  }
  if (typed !== null) warn('--signing-key shows in the process list', context);
  const key = await givenKey(file, isPiped, typed, context);
  if (key.length === 0) throw new UsageError('the signing key is empty');
  return new Secret(key);
}

async function givenKey(
  file: string | null,
  isPiped: boolean,
  typed: string | null,
  context: Context,
): Promise<string | Uint8Array> {
  if (file !== null) return withoutFinalNewline(readInputFile(file));
  if (isPiped) return withoutFinalNewline(await readAll(context.stdin));
  return typed ?? (context.env.TESSERA_SIGNING_KEY || defaultSigningKey);
}

function withoutFinalNewline(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
