/** One HTTP request and its answer, as the transports carry them. @module */

/** Names as they were written; equal names are sent as often as they come. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Bytes are sent with their length; a stream is sent in chunks, and only once. */
export type HttpBody = string | Uint8Array | AsyncIterable<Uint8Array> | null;

export interface HttpRequest {
  readonly method: string;
  /** Absolute; what follows `#` is not sent. */
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: HttpBody;
}

export interface HttpLimits {
  /** For one attempt, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of the answer's body, after decompression; null: none. */
  readonly maxResponseBytes: number | null;
  readonly signal: AbortSignal | null;
}

/** By name in lower case; `set-cookie` and other repeated ones as a list. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HttpHeaders;
}

export interface HttpAnswer extends HttpHead {
  readonly body: Uint8Array;
}

export interface HttpStream extends HttpHead {
  /** Null: an answer that has none by its status or the request's method. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** What sends requests: undici, or a `fetch` that was handed in. It follows no redirect and repeats nothing. */
export interface HttpTransport {
  /** @throws {HttpFailure} @throws AbortError */
  send(request: HttpRequest, limits: HttpLimits): Promise<HttpAnswer>;
  /** Resolves with the head; the limits go on to count for the body. @throws {HttpFailure} @throws AbortError */
  open(request: HttpRequest, limits: HttpLimits): Promise<HttpStream>;
  close(): Promise<void>;
}
