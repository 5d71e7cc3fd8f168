/** One slice of work of one contender, and what it showed. @module */

export interface Slice {
  readonly requests: number;
  readonly seconds: number;
  /** Used by the contender's process. */
  readonly cpuSeconds: number;
  /** Cores that neither the contender nor its load used, but somebody did. */
  readonly neighbourCores: number;
  /** Of the answers; null where none were timed. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** Something whose speed is measured. */
export interface Contender {
  readonly name: string;
  measure(seconds: number): Promise<Slice>;
}
