/** Hands an answer on as it arrives, no faster than it is read. @module */
import type { Dispatcher } from 'undici';
import { Attempt } from './attempt.ts';
import type { HttpHeaders, HttpLimits, HttpStream } from './http-exchange.ts';
import { failureOf } from './http-failure.ts';

const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

export class StreamedAnswer implements Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpStream>;
  readonly #resolve: (answer: HttpStream) => void;
  readonly #reject: (error: Error) => void;
  readonly #attempt: Attempt;
  readonly #method: string;
  #sink: ReadableStreamDefaultController<Uint8Array> | null = null;
  #bytes = 0;

  constructor(method: string, limits: HttpLimits) {
    const { promise, resolve, reject } = Promise.withResolvers<HttpStream>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#method = method;
    this.#attempt = new Attempt(limits, (error) => this.#fail(error));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#attempt.start(controller);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpHeaders,
    statusText = '',
  ): void {
    if (status < 200) return;
    const isEmpty = this.#method === 'HEAD' || withoutBody.has(status);
    const body = isEmpty ? null : this.#bodyFrom(controller);
    this.#resolve({ status, statusText, headers, body });
  }

  #bodyFrom(controller: Dispatcher.DispatchController): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (sink) => {
        this.#sink = sink;
      },
      pull: () => controller.resume(),
      cancel: (reason) => {
        this.#sink = null;
        this.#attempt.endEarly(reason instanceof Error ? reason : new Error('the body was not wanted'));
      },
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // After a pause undici begins with nothing; to pause again for that would be to stop for good.
    if (chunk.length === 0) return;
    this.#bytes += chunk.length;
    if (!this.#attempt.allows(this.#bytes) || this.#sink === null) return;
    this.#sink.enqueue(chunk);
    if ((this.#sink.desiredSize ?? 0) <= 0) controller.pause();
  }

  onResponseEnd(): void {
    this.#attempt.settle();
    this.#sink?.close();
    this.#sink = null;
  }

  onResponseError(_: unknown, error: Error): void {
    this.#attempt.settle();
    this.#fail(failureOf(error));
  }

  #fail(error: Error): void {
    this.#reject(error);
    this.#sink?.error(error);
    this.#sink = null;
  }
}
