/** What a write's conflict means to whoever asked for it. @module */
import { refuse } from '../domain/problem.ts';
import { DuplicateRow, type Write, WriteConflict } from '../store/database.ts';
import type { Core } from './core.ts';

/** Enough for any number of people at work; a storm beyond it is told to come back. */
const maxAttempts = 20;

/**
 * Reads, decides and writes again as long as somebody else's write came between.
 *
 * @throws {ProblemError} `conflict` if that never ends
 */
export async function retryOnConflict<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; attempts <= maxAttempts; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
  throw refuse('conflict', 'changed_meanwhile', 'Others are changing the same thing. Try again.');
}

/** @throws {ProblemError} `conflict` with the message where a unique name is taken */
export async function writeUnique(core: Core, writes: readonly Write[], taken: string): Promise<void> {
  try {
    await core.database.write(writes);
  } catch (error) {
    if (error instanceof DuplicateRow) throw refuse('conflict', 'name_taken', taken);
    throw error;
  }
}
