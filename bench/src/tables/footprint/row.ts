/** A line of the footprint's table, with the targets that hang on it. @module */
import type { Verdict } from '../../report/table.ts';

export interface FootprintRow {
  /** What is measured, Tessera's figure, what stands beside it, its figure, how they compare. */
  readonly cells: readonly [string, string, string, string, string];
  readonly verdict: Verdict;
  readonly notes: readonly string[];
}
