/** Collects an answer until its last byte. @module */
import type { Dispatcher } from 'undici';
import { Attempt } from './attempt.ts';
import type { HttpAnswer, HttpHeaders, HttpLimits } from './http-exchange.ts';
import { failureOf } from './http-failure.ts';

/**
 * Given to `dispatch` as it is: the readable stream that undici's own `request` makes for each answer costs more than all
 * that this client does beside it.
 */
export class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpAnswer>;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #attempt: Attempt;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #statusText = '';
  #headers: HttpHeaders = {};

  constructor(limits: HttpLimits) {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#attempt = new Attempt(limits, reject);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#attempt.start(controller);
  }

  onResponseStart(_: unknown, status: number, headers: HttpHeaders, statusText = ''): void {
    this.#status = status;
    this.#headers = headers;
    this.#statusText = statusText;
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#attempt.allows(this.#bytes)) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#attempt.settle();
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, statusText: this.#statusText, headers: this.#headers, body });
  }

  onResponseError(_: unknown, error: Error): void {
    this.#attempt.settle();
    this.#reject(failureOf(error));
  }
}
