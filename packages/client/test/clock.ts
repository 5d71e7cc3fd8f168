/** A clock that a test moves. @module */

export interface Clock {
  now: () => number;
  moveTo(seconds: number): void;
}

const startMs = Date.UTC(2026, 0, 1);

/** At 0 s until it is moved. */
export function clockAtZero(): Clock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    moveTo: (seconds) => {
      nowMs = startMs + seconds * 1000;
    },
  };
}
