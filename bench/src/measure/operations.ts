/** Operations on tokens, in one process: interleaved rounds, medians, ratios. @module */

export interface OperationsRow {
  /** For instance `sign ES256`. */
  readonly work: string;
  /** Operations a second by contender, median of all rounds; `tessera` is ours. */
  readonly perSecond: Readonly<Record<string, number>>;
  readonly fastestPeer: string;
  /** Ours divided by the fastest peer's, median of the ratios within each round. */
  readonly ratio: number;
}

const rounds = 41;
const sliceMs = 15;

/** Does the work once with the given token (or ignores it and signs). */
export type Work = (token: string) => unknown;
export type Contenders = Readonly<Record<string, Work>>;

/** Operations a second in one slice. Every token is a new string, as it is when it comes out of a request. */
async function measure(work: Work, tokens: readonly string[], count: number): Promise<number> {
  const fresh = Array.from({ length: count }, (_, at) =>
    Buffer.from(tokens[at % tokens.length] ?? '', 'latin1').toString('latin1'),
  );
  const start = process.hrtime.bigint();
  for (const token of fresh) {
    const result = work(token);
    if (result instanceof Promise) await result;
  }
  return (count * 1e9) / Number(process.hrtime.bigint() - start);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2;
}

/** Each round measures every contender once, each round beginning with another one, so that a disturbance hits all alike. */
export async function compareOperations(
  work: string,
  contenders: Contenders,
  tokens: readonly string[],
): Promise<OperationsRow> {
  const entries = await Promise.all(
    Object.entries(contenders).map(async ([name, run]) => ({ name, run, count: 0, results: [] as number[] })),
  );
  for (const entry of entries) {
    await measure(entry.run, tokens, 2_000);
    entry.count = Math.max(20, Math.round(((await measure(entry.run, tokens, 500)) * sliceMs) / 1000));
  }
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const entry = entries[(round + turn) % entries.length];
      entry?.results.push(await measure(entry.run, tokens, entry.count));
    }
  }
  return rowOf(work, new Map(entries.map((entry) => [entry.name, entry.results])));
}

/** `results` of one contender by round, in the order of the rounds. */
function rowOf(work: string, results: ReadonlyMap<string, readonly number[]>): OperationsRow {
  const perSecond = Object.fromEntries([...results].map(([name, all]) => [name, Math.round(median(all))]));
  const peers = [...results.keys()].filter((name) => name !== 'tessera');
  const fastestPeer = peers.reduce((best, name) =>
    (perSecond[name] ?? 0) > (perSecond[best] ?? 0) ? name : best,
  );
  const ours = results.get('tessera') ?? [];
  const theirs = results.get(fastestPeer) ?? [];
  const ratio = median(ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN)));
  return { work, perSecond, fastestPeer, ratio };
}
