/** The flags of commands that list. @module */
import { countFlag, type Flag } from '../program/flag.ts';

export const pagingFlags: { readonly limit: Flag<number | null>; readonly skip: Flag<number | null> } = {
  limit: countFlag('show at most so many', { short: 'l' }),
  skip: countFlag('leave out the first so many', { short: 's' }),
};
