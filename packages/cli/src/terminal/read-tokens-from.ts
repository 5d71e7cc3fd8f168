/** Takes a pair of tokens from standard input. @module */
import type { InputStream } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';
import { readAll } from './read-all.ts';

export interface PipedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Also what `api-tokens generate` prints. @throws {UsageError} something else comes; it is not repeated */
export async function readTokensFrom(stdin: InputStream): Promise<PipedTokens> {
  const { accessToken, refreshToken } = parse((await readAll(stdin)).toString('utf8'));
  if (typeof accessToken === 'string' && typeof refreshToken === 'string')
    return { accessToken, refreshToken };
  throw new UsageError('standard input is not {"accessToken":"…","refreshToken":"…"}');
}

function parse(text: string): { readonly accessToken?: unknown; readonly refreshToken?: unknown } {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
