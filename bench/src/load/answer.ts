/** Just enough of HTTP to know where an answer ends and whether it is a success. @see RFC 9112 @module */

export interface Answer {
  readonly status: number;
  /** Bytes, head included. */
  readonly length: number;
}

const headEnd = Buffer.from('\r\n\r\n', 'latin1');
/** `HTTP/1.1 ` comes before. */
const statusAt = 9;

/** The answer that fills the bytes; null while some of it is missing. */
export function readAnswer(bytes: Buffer): Answer | null {
  const headLength = bytes.indexOf(headEnd) + headEnd.length;
  if (headLength < headEnd.length) return null;
  const head = bytes.toString('latin1', 0, headLength);
  const contentLength = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (contentLength === undefined) throw new Error(`an answer without content-length: ${head}`);
  const length = headLength + Number(contentLength);
  if (bytes.length < length) return null;
  return { status: Number(head.slice(statusAt, statusAt + 3)), length };
}
