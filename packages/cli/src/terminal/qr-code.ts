/** A QR code in characters, on whatever ground the terminal has. @module */
import type { OutputStream } from '../program/context.ts';

/**
 * The server draws it for light characters on dark ground; on a terminal those colours are set, because few readers
 * understand an inverted one.
 *
 * @returns nothing for a text that is no drawing: what a server sends shall not steer the terminal
 */
export function qrCodeLines(text: string, { isTTY }: OutputStream): string[] {
  if (!/^[ \u2580\u2584\u2588\n]+$/.test(text)) return [];
  const lines = text.split('\n').filter((line) => line !== '');
  return isTTY === true ? lines.map((line) => `\u001b[97;40m${line}\u001b[0m`) : lines;
}
