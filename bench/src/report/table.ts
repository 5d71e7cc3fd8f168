/** What a table of the bench says. @module */

export interface Table {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
  /** What a reader has to know besides. */
  readonly notes: readonly string[];
}

export interface Verdict {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly isReached: boolean;
}

/** A ratio that must be at least so much. */
export function atLeast(what: string, ratio: number, target: number, by: string | null = null): Verdict {
  const measured = `${ratio.toFixed(2)} ×${by === null ? '' : ` (${by})`}`;
  return { what, measured, target: `≥ ${target} ×`, isReached: ratio >= target };
}

/** A figure that must be below so much. */
export function below(what: string, value: number, target: number, unit: string): Verdict {
  return {
    what,
    measured: `${shortNumber(value)} ${unit}`,
    target: `< ${target} ${unit}`,
    isReached: value < target,
  };
}

/** Three digits that count, thousands set apart. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
