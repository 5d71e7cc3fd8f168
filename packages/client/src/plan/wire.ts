/** A request and an answer as they are on the wire, before anything was sent and after everything was read. @module */

/** A name as it is written, and its value. */
export type Header = readonly [name: string, value: string];

export interface WireRequest {
  /** Upper case. */
  readonly method: string;
  /** Absolute, percent-encoded. */
  readonly url: string;
  readonly headers: readonly Header[];
  /** Null: no body. */
  readonly body: Uint8Array | null;
}

export interface WireResponse {
  readonly status: number;
  /** A repeated header, as `Set-Cookie`, is several entries. */
  readonly headers: readonly Header[];
  /** Decompressed, and already limited in size. */
  readonly body: Uint8Array;
  /** The `Cookie` header that was sent with the request; read where a response schema says `requestcookie`. */
  readonly sentCookie?: string | null;
}

/** The value of the last header of that name, in whatever letter case; null: there is none. */
export function headerValue(headers: readonly Header[], name: string): string | null {
  const wanted = name.toLowerCase();
  return headers.findLast(([candidate]) => candidate.toLowerCase() === wanted)?.[1] ?? null;
}
