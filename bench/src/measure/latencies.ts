/** How long answers took, as counts in buckets of ten microseconds. @module */

const bucketMs = 0.01;
/** Two seconds; what took longer counts as that. */
const bucketCount = 200_000;

export class Latencies {
  readonly #counts = new Uint32Array(bucketCount + 1);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  record(durationMs: number): void {
    const bucket = Math.min(bucketCount, Math.floor(durationMs / bucketMs));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total++;
  }

  /** Milliseconds within which the given part of the answers came, for instance 0.99; 0 when there were none. */
  quantile(part: number): number {
    let left = this.#total * part;
    for (const [bucket, count] of this.#counts.entries()) {
      left -= count;
      if (count > 0 && left <= 0) return (bucket + 1) * bucketMs;
    }
    return 0;
  }
}
