/** The answer to a renewal. @module */
import type { Grant } from '../../operations/grant.ts';

/** JSON by hand: none of these texts needs escaping. */
export function pairText({ accessToken, refreshToken, atMs, refreshExpiresInSeconds }: Grant): string {
  const end = accessToken.expiresAtSeconds ?? 0;
  const expiresIn = Math.max(0, end - Math.floor(atMs / 1000));
  const values = `"accessToken":"${accessToken.text}","refreshToken":"${refreshToken}"`;
  return `{${values},"tokenType":"Bearer","expiresIn":${expiresIn},"refreshExpiresIn":${refreshExpiresInSeconds}}`;
}
