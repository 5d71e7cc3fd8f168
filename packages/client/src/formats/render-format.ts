/** Fills a compiled format. @module */
import type { Format, FormatPiece } from '../plan/format.ts';
import { formEncode, percentEncode } from './encode-text.ts';

/** Base64 of the text's UTF-8 bytes; a dry run puts its mask in here. */
export type Base64 = (text: string) => string;

export const base64: Base64 = (text) => Buffer.from(text, 'utf8').toString('base64');

export function renderFormat(
  format: Format,
  value: (name: string) => string,
  encode: Base64 = base64,
): string {
  let text = '';
  for (const piece of format) text += piece.kind === 'text' ? piece.text : filled(piece, value, encode);
  return text;
}

function filled(
  piece: Exclude<FormatPiece, { kind: 'text' }>,
  value: (name: string) => string,
  encode: Base64,
): string {
  const text =
    piece.kind === 'variable' ? value(piece.name) : encode(renderFormat(piece.pieces, value, encode));
  switch (piece.encoding) {
    case 'none':
      return text;
    case 'percent':
      return percentEncode(text);
    case 'form':
      return formEncode(text);
  }
}
