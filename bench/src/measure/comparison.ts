/** Figures of one contender, and how many times another one's they are. @module */
import type { Measured } from './interleave.ts';
import type { Slice } from './slice.ts';
import { median } from './statistics.ts';

/** Medians over the slices. */
export interface Figures {
  readonly perSecond: number;
  /** CPU time of the server for a request. */
  readonly cpuMicros: number;
  /** Cores the server kept busy. */
  readonly busyCores: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Comparison {
  /** Requests a second, ours divided by theirs. */
  readonly byWall: number;
  /** CPU time for a request, theirs divided by ours. */
  readonly byCpu: number;
}

export function figuresOf({ slices }: Measured): Figures {
  const over = (figure: (slice: Slice) => number): number => median(slices.map(figure));
  return {
    perSecond: over(perSecond),
    cpuMicros: over(cpuMicros),
    busyCores: over((slice) => slice.cpuSeconds / slice.seconds),
    p50Ms: over((slice) => slice.p50Ms ?? Number.NaN),
    p99Ms: over((slice) => slice.p99Ms ?? Number.NaN),
  };
}

/** Medians of the ratios within each round. */
export function compare(ours: Measured, theirs: Measured): Comparison {
  const ratios = (ratio: (our: Slice, their: Slice) => number): number =>
    median(
      ours.slices.flatMap((our, round) => {
        const their = theirs.slices[round];
        return their === undefined ? [] : ratio(our, their);
      }),
    );
  return {
    byWall: ratios((our, their) => perSecond(our) / perSecond(their)),
    byCpu: ratios((our, their) => cpuMicros(their) / cpuMicros(our)),
  };
}

/** Below this a server waited for something else than itself, most often for its load. */
const saturatedCores = 0.95;

/** Which of two servers on one core is faster at saturation: by requests a second, or where one was not saturated, by CPU time. */
export function atSaturation(ours: Measured, theirs: Measured): { ratio: number; by: 'req/s' | 'CPU time' } {
  const { byWall, byCpu } = compare(ours, theirs);
  const busy = Math.min(figuresOf(ours).busyCores, figuresOf(theirs).busyCores);
  return busy < saturatedCores ? { ratio: byCpu, by: 'CPU time' } : { ratio: byWall, by: 'req/s' };
}

const perSecond = ({ requests, seconds }: Slice): number => requests / seconds;
const cpuMicros = ({ requests, cpuSeconds }: Slice): number => (cpuSeconds * 1e6) / requests;
