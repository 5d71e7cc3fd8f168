/** Measures contenders in turn, a slice each, so that a change of the machine hits all alike. @module */
import { quietMachine } from './quiet-machine.ts';
import type { Contender, Slice } from './slice.ts';

export interface Pace {
  readonly rounds: number;
  readonly sliceSeconds: number;
  readonly warmUpSeconds: number;
  /** Slices that may be measured again because somebody else used the machine meanwhile. */
  readonly repeats: number;
}

/** A contender's slices, one a round. */
export interface Measured {
  readonly name: string;
  readonly slices: readonly Slice[];
}

export interface Interleaved {
  readonly measured: readonly Measured[];
  readonly repeated: number;
  /** Slices kept although somebody else used the machine. */
  readonly disturbed: number;
}

/** Cores others may use without a slice being worth less. */
const toleratedCores = 0.12;

/** Each round begins with another contender, because the first one finds the machine coldest. */
export async function interleave(contenders: readonly Contender[], pace: Pace): Promise<Interleaved> {
  for (const contender of contenders) await contender.measure(pace.warmUpSeconds);
  const slices = new Map<Contender, Slice[]>(contenders.map((contender) => [contender, []]));
  let repeated = 0;
  let disturbed = 0;
  for (let round = 0; round < pace.rounds; round++) {
    for (const contender of rotated(contenders, round)) {
      let slice = await contender.measure(pace.sliceSeconds);
      while (slice.neighbourCores > toleratedCores && repeated < pace.repeats) {
        repeated++;
        await quietMachine();
        slice = await contender.measure(pace.sliceSeconds);
      }
      if (slice.neighbourCores > toleratedCores) disturbed++;
      slices.get(contender)?.push(slice);
    }
  }
  const measured = contenders.map((contender) => ({
    name: contender.name,
    slices: slices.get(contender) ?? [],
  }));
  return { measured, repeated, disturbed };
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
