/** What ends an attempt early: its time, its caller. @module */
import type { Dispatcher } from 'undici';
import type { HttpLimits } from './http-exchange.ts';
import { abortErrorOf, HttpFailure } from './http-failure.ts';

/**
 * Watches the clock and the caller for one attempt. A request that still waits for its connection cannot be aborted by
 * undici, so the attempt ends for its caller at once, and the request as soon as it starts.
 */
export class Attempt {
  readonly #limits: HttpLimits;
  readonly #end: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: (() => void) | null;
  #controller: Dispatcher.DispatchController | null = null;
  #ending: Error | null = null;

  /** @param end told once, when the attempt ends early */
  constructor(limits: HttpLimits, end: (error: Error) => void) {
    const { signal, timeoutMs } = limits;
    this.#limits = limits;
    this.#end = end;
    this.#timer = setTimeout(() => this.endEarly(timedOut(timeoutMs)), timeoutMs);
    this.#onAbort = signal === null ? null : () => this.endEarly(abortErrorOf(signal));
    if (this.#onAbort !== null) signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.endEarly(abortErrorOf(signal));
  }

  /** @returns whether the request may go on */
  start(controller: Dispatcher.DispatchController): boolean {
    this.#controller = controller;
    if (this.#ending === null) return true;
    controller.abort(this.#ending);
    return false;
  }

  endEarly(error: Error): void {
    if (this.#ending !== null) return;
    this.#ending = error;
    this.settle();
    this.#end(error);
    this.#controller?.abort(error);
  }

  /** The attempt is over; nothing more can end it. */
  settle(): void {
    clearTimeout(this.#timer);
    if (this.#onAbort !== null) this.#limits.signal?.removeEventListener('abort', this.#onAbort);
  }

  /** @param bytes of the answer's body so far @returns whether it is within the limit */
  allows(bytes: number): boolean {
    const { maxResponseBytes } = this.#limits;
    if (maxResponseBytes === null || bytes <= maxResponseBytes) return true;
    this.endEarly(tooLarge(maxResponseBytes));
    return false;
  }
}

export const timedOut = (timeoutMs: number): HttpFailure =>
  new HttpFailure('timeout', `no complete answer within ${timeoutMs} ms`);

export const tooLarge = (maxBytes: number): HttpFailure =>
  new HttpFailure('too-large', `the answer is larger than ${maxBytes} bytes`);
