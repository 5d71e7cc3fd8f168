/** An access token that is itself the subject of a request: to be renewed, to get another scope, to be looked at. @module */
import { refuse } from '../domain/problem.ts';
import type { AccessTokenFormat } from './access-token.ts';
import type { Core } from './core.ts';
import { type VerifiedAccessToken, verifyAccessToken } from './verify-access-token.ts';

export interface PresentedToken {
  readonly accessToken: string;
  /** The one that is taken here. */
  readonly format: AccessTokenFormat;
  /** All that its interface has; see {@link verifyAccessToken}. */
  readonly formats: readonly [AccessTokenFormat, ...AccessTokenFormat[]];
}

/**
 * The token, live or not long expired.
 *
 * @throws {ProblemError} `unauthenticated`; `forbidden` for a good token of another format
 */
export async function presentToken(core: Core, presented: PresentedToken): Promise<VerifiedAccessToken> {
  const { accessToken, format, formats } = presented;
  const configuration = await core.database.configuration();
  const token = verifyAccessToken(core, configuration, formats, accessToken, core.clock());
  if (token.format !== format) throw refuse('forbidden', 'token_of_another_version');
  return token;
}
