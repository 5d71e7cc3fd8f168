/** Quotes that a published example carried along. @module */
import type { ConfigNode } from './config-node.ts';

const quotes = /^[”“„’‘]+|[”“„’‘]+$/g;

/** The text without typographic quotes at its ends, which are warned about. */
export function unquotedText(node: ConfigNode, fallback: string): string {
  const text = node.text(fallback);
  const clean = text.replaceAll(quotes, '');
  if (clean !== text) node.warn({ reason: 'has typographic quotes around it', cure: `write "${clean}"` });
  return clean;
}

/** The same for one text or several. */
export function unquotedTexts(node: ConfigNode, fallback: string): string | readonly string[] {
  if (!Array.isArray(node.value) || node.value.length === 0) return unquotedText(node, fallback);
  return node.elements().map((element) => unquotedText(element, fallback));
}
