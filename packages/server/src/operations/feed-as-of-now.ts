/** Where the feed of revocations ends, with everything in its place that was committed before the question. @module */
import type { TokenLives } from '../domain/revocation.ts';
import { type FeedState, placeRevocations, readFeedState } from '../store/revocations.ts';
import type { Core } from './core.ts';

/** @throws {DatabaseUnavailable} */
export async function feedAsOfNow(
  { database, clock }: Pick<Core, 'database' | 'clock'>,
  lives: TokenLives,
): Promise<FeedState> {
  const state = await readFeedState(database);
  if (state.waiting === 'none') return state;
  await database.write(placeRevocations(database, lives, clock()));
  return await readFeedState(database);
}
