/** What the guard answers in the program's place. @module */

export interface Answer {
  readonly status: number;
  /** Names as they are to be sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty: an answer with `Content-Length: 0`. */
  readonly body: string;
}
