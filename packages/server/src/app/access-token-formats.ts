/** Every interface's access tokens, in sets that are verified together; what most requests show comes first. @module */
import { accessTokenFormat } from '../dialects/ciphertrust/access-token-format.ts';
import { allFormats } from '../dialects/nebularstack/claims.ts';
import type { NectarFormats } from '../dialects/nectar/claims.ts';
import type { FormatSet } from '../operations/authenticate-at-any.ts';

export function formatSets(apiTokens: NectarFormats): readonly FormatSet[] {
  return [[apiTokens.usual], [accessTokenFormat], allFormats];
}
