/** One token request in progress, shared by all who wait for it. @module */
import { abortErrorOf } from '../http/http-failure.ts';

/** Whether work that nobody waits for any more is stopped, or brought to its end. */
export type Abandonment = 'stops' | 'goes on';

export class Flight<Result> {
  /** Later flights of the same key have higher numbers. */
  readonly number: number;
  readonly #result: Promise<Result>;
  readonly #abort = new AbortController();
  readonly #abandonment: Abandonment;
  readonly #left: () => void;
  #waiting = 0;

  /** @param left told when the last who waited has gone and the work stops: nobody may join any more */
  constructor(
    number: number,
    work: (signal: AbortSignal) => Promise<Result>,
    { abandonment, left }: { readonly abandonment: Abandonment; readonly left: () => void },
  ) {
    this.number = number;
    this.#abandonment = abandonment;
    this.#left = left;
    this.#result = work(this.#abort.signal);
    // Whoever waits is told; where nobody does, a failure is no defect.
    this.#result.catch(() => {});
  }

  /** @throws AbortError when this caller's signal is aborted; the flight goes on for the others */
  async join(signal: AbortSignal | null): Promise<Result> {
    if (signal?.aborted) throw abortErrorOf(signal);
    this.#waiting++;
    try {
      return await (signal === null ? this.#result : until(this.#result, signal));
    } catch (error) {
      if (--this.#waiting === 0 && signal?.aborted) this.#leave();
      throw error;
    }
  }

  #leave(): void {
    if (this.#abandonment === 'goes on') return;
    this.#left();
    this.#abort.abort();
  }
}

/** The result, or the caller's abort, whichever is first. */
function until<Result>(result: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const onAbort = (): void => reject(abortErrorOf(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  result.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener('abort', onAbort));
}
