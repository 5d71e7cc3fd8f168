/** Whose, and which page of a list of the account API. @module */
import { countFlag, type Flag, type OptionsOf, textFlag } from '../program/flag.ts';

export const accountPageFlags: {
  readonly owner: Flag<string | null>;
  readonly limit: Flag<number | null>;
  readonly cursor: Flag<string | null>;
} = {
  owner: textFlag('for administrators: whose, by name or id; your own if left out', { placeholder: 'USER' }),
  limit: countFlag('so many at once', { placeholder: 'N' }),
  cursor: textFlag('go on from nextCursor of an earlier answer', { placeholder: 'TEXT' }),
};

export function accountPageQuery(options: OptionsOf<typeof accountPageFlags>): Record<string, string> {
  const { owner, limit, cursor } = options;
  return {
    ...(owner === null ? {} : { user: owner }),
    ...(limit === null ? {} : { limit: String(limit) }),
    ...(cursor === null ? {} : { cursor }),
  };
}
