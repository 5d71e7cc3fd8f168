/** Fields as XML elements. @module */
import { isMembers } from './value-path.ts';

/** Name of the member whose members become attributes. */
const attributes = '_attr';
/** Name of the member that is the text beside attributes. */
const ownText = '_';

const xmlName = /^[\p{L}_][\p{L}\p{N}\-._]*(?::[\p{L}_][\p{L}\p{N}\-._]*)?$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 §2.2 forbids exactly these.
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/** XML 1.0 §2.3, with at most one colon. */
export function isXmlName(name: string): boolean {
  return xmlName.test(name);
}

/** Thrown for a name or a text that XML cannot carry; holds the name of the element, never the text. */
export class XmlError extends Error {
  override readonly name: 'XmlError' = 'XmlError';
}

/** One element per field, and around them the root, if it has a name. No prolog. */
export function writeXml(fields: Readonly<Record<string, unknown>>, root: string | null): string {
  if (root !== null) return element(root, fields);
  return Object.entries(fields)
    .map(([name, value]) => elements(name, value))
    .join('');
}

function elements(name: string, value: unknown): string {
  return (Array.isArray(value) ? value : [value]).map((one) => element(name, one)).join('');
}

function element(name: string, value: unknown): string {
  if (!isXmlName(name)) throw new XmlError(`"${name}" is no name of an XML element`);
  if (!isMembers(value)) return `<${name}>${content(name, value)}</${name}>`;
  const inner = Object.entries(value)
    .filter(([member]) => member !== attributes)
    .map(([member, one]) => (member === ownText ? content(name, one) : elements(member, one)))
    .join('');
  return `<${name}${attributesOf(name, value[attributes])}>${inner}</${name}>`;
}

function attributesOf(element: string, value: unknown): string {
  return Object.entries(isMembers(value) ? value : {})
    .map(([name, one]) => {
      if (!isXmlName(name)) throw new XmlError(`"${name}" is no name of an XML attribute`);
      return ` ${name}="${content(element, one).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`;
    })
    .join('');
}

function content(name: string, value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  if (unspeakable.test(text)) throw new XmlError(`<${name}> would hold characters that XML cannot carry`);
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
