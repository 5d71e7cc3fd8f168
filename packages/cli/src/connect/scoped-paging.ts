/** The flags of commands that list in the `nebularstack` dialect, and the query they make. @module */
import { UsageError } from '../program/errors.ts';
import { countFlag, type Flag, type OptionsOf, switchFlag, textFlag } from '../program/flag.ts';
import { givenQuery } from './fields.ts';
import { pagingFlags } from './paging.ts';

export const scopedPagingFlags: {
  readonly limit: Flag<number | null>;
  readonly page: Flag<number | null>;
  readonly all: Flag<boolean>;
  readonly sort: Flag<string | null>;
} = {
  limit: pagingFlags.limit,
  page: countFlag('which page of so many; the first is 1'),
  all: switchFlag('show everything, however much it is'),
  sort: textFlag('order by this field; -FIELD: backwards', { placeholder: 'FIELD' }),
};

/** @throws {UsageError} `--all` beside a page */
export function scopedPageQuery(options: OptionsOf<typeof scopedPagingFlags>): Record<string, string> {
  const { limit, page, all, sort } = options;
  if (all && (limit !== null || page !== null))
    throw new UsageError('--all leaves nothing for --limit and --page');
  const isBackwards = sort?.startsWith('-') ?? false;
  return givenQuery({
    l: all ? -1 : limit,
    p: page,
    sc: isBackwards ? sort?.slice(1) : sort,
    sd: sort === null ? null : isBackwards ? 'desc' : 'asc',
  });
}
