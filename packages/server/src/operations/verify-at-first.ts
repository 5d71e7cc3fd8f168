/** Reads an access token before its session is read, which brings what is true now. @module */
import type { Configuration } from '../store/configuration.ts';
import type { AccessTokenFormat } from './access-token.ts';
import type { Core } from './core.ts';
import { type VerifiedAccessToken, verifyAccessToken } from './verify-access-token.ts';

/** An access token, and by what it was verified. */
export interface VerifiedAtFirst {
  readonly token: VerifiedAccessToken;
  /** By which it was verified; to be done again if it turns out to be out of date. */
  readonly configuration: Configuration;
}

/**
 * By what is remembered, which saves asking the database; by what is there now, where that fails: the key may be new.
 *
 * @throws {ProblemError} as {@link verifyAccessToken}
 */
export async function verifyAtFirst(
  core: Core,
  formats: readonly [AccessTokenFormat, ...AccessTokenFormat[]],
  accessToken: string,
  nowMs: number,
): Promise<VerifiedAtFirst> {
  const verifiedBy = (configuration: Configuration): VerifiedAtFirst => ({
    token: verifyAccessToken(core, configuration, formats, accessToken, nowMs),
    configuration,
  });
  const remembered = core.database.rememberedConfiguration();
  if (remembered === null) return verifiedBy(await core.database.configuration());
  try {
    return verifiedBy(remembered);
  } catch (error) {
    const current = await core.database.configuration();
    if (current === remembered) throw error;
    return verifiedBy(current);
  }
}
