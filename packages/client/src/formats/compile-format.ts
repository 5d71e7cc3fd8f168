/** Reads a format once, at load. @module */
import type { Format, FormatPiece } from '../plan/format.ts';

/** How values are written into the text: as they are, or percent-encoded because they go into a URL. */
export type ValueEncoding = 'none' | 'percent';

export interface CompiledFormat {
  readonly format: Format;
  /** `{word}`s that name nothing known: they stay as they are written. */
  readonly unknown: readonly string[];
  /** Names of the variables that occur. */
  readonly variables: readonly string[];
  /** `open`: a `{b64}` has no `{/b64}`. */
  readonly base64: 'closed' | 'open';
}

const start = '{b64}';
const end = '{/b64}';

/**
 * Splits a format into what stays and what is filled in.
 *
 * In a URL the written text stays as it is, except for characters that no URL may hold.
 */
export function compileFormat(
  text: string,
  known: (name: string) => boolean,
  encoding: ValueEncoding = 'none',
): CompiledFormat {
  const found = { unknown: new Set<string>(), variables: new Set<string>() };
  const pieces: FormatPiece[] = [];
  let rest = text;
  let base64: CompiledFormat['base64'] = 'closed';
  for (let at = rest.indexOf(start); at >= 0; at = rest.indexOf(start)) {
    const close = rest.indexOf(end, at);
    if (close < 0) {
      base64 = 'open';
      break;
    }
    pieces.push(...variablesOf(rest.slice(0, at), known, encoding, found));
    const inner = variablesOf(rest.slice(at + start.length, close), known, 'none', found);
    pieces.push({ kind: 'base64', pieces: inner, encoding });
    rest = rest.slice(close + end.length);
  }
  pieces.push(...variablesOf(rest, known, encoding, found));
  return { format: pieces, unknown: [...found.unknown], variables: [...found.variables], base64 };
}

function variablesOf(
  text: string,
  known: (name: string) => boolean,
  encoding: ValueEncoding,
  found: { unknown: Set<string>; variables: Set<string> },
): FormatPiece[] {
  const pieces: FormatPiece[] = [];
  let literal = '';
  let from = 0;
  for (const match of text.matchAll(/\{(\w+)\}/g)) {
    const name = match[1] ?? '';
    literal += text.slice(from, match.index);
    from = match.index + match[0].length;
    if (known(name)) {
      if (literal !== '') pieces.push({ kind: 'text', text: literal });
      literal = '';
      pieces.push({ kind: 'variable', name, encoding });
      found.variables.add(name);
    } else {
      literal += match[0];
      found.unknown.add(name);
    }
  }
  literal += text.slice(from);
  if (literal !== '') pieces.push({ kind: 'text', text: literal });
  return encoding === 'none' ? pieces : pieces.map(legalInUrl);
}

function legalInUrl(piece: FormatPiece): FormatPiece {
  return piece.kind === 'text' ? { kind: 'text', text: encodeIllegal(piece.text) } : piece;
}

/** Percent-encodes what no URL may hold, `#` and stray `%` included, and nothing else. */
export function encodeIllegal(text: string): string {
  return text
    .toWellFormed()
    .replace(/%(?![0-9a-fA-F]{2})/g, '%25')
    .replace(/[^\w\-.~:/?[\]@!$&'()*+,;=%]/gu, encodeURIComponent);
}
