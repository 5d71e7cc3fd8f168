/** How long to wait before a server that failed is asked again: longer each time, and not at the same moment as others. @module */

const firstMs = 250;
const longestMs = 5_000;

/** @param failures in a row, from 1 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const most = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
  return most * (0.5 + random() / 2);
}

/** Waits without keeping the process alive; less when the signal says so. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    timer.unref();
    signal.addEventListener('abort', done);
  });
}
