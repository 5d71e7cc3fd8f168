/** An XML answer as members: names from the root element on, as the adapters' schemas expect them. @module */
import { createRequire } from 'node:module';
import type { XMLParser, XMLValidator } from 'fast-xml-parser';
import { emptyMembers, type Members } from './value-path.ts';
import { XmlError } from './write-xml.ts';

/** What the parser gives: an element by its name, text, or a CDATA section; attributes under `:@`. */
type Node = Readonly<Record<string, unknown>>;

const maximumDepth = 32;
const text = '#text';
const cdata = '#cdata';

interface XmlReader {
  readonly parser: XMLParser;
  readonly validator: typeof XMLValidator;
}

let loaded: XmlReader | null = null;

/** Loaded when first needed: few adapters read XML, and this takes longer to load than all the rest. */
function xmlReader(): XmlReader {
  if (loaded !== null) return loaded;
  const library = createRequire(import.meta.url)('fast-xml-parser') as typeof import('fast-xml-parser');
  const parser = new library.XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    cdataPropName: cdata,
    trimValues: false,
    maxNestedTags: maximumDepth,
  });
  loaded = { parser, validator: library.XMLValidator };
  return loaded;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * `<a><b c="1">x</b></a>` → `{ a: { b: { _attr: { c: '1' }, _: 'x' } } }`; repeated elements become an array.
 *
 * @throws {XmlError} not well-formed, a document type, an entity but the five and numeric ones, deeper than 32
 */
export function readXml(document: string): Members {
  if (/<!DOCTYPE/i.test(document)) throw new XmlError('it declares a document type');
  const elements = parsed(document).filter((node) => !nameOf(node).startsWith('?') && !(text in node));
  if (elements.length !== 1) throw new XmlError('it is not one XML element');
  return membersOf(elements, 1) as Members;
}

function parsed(document: string): readonly Node[] {
  const { parser, validator } = xmlReader();
  let nodes: unknown;
  try {
    if (validator.validate(document) !== true) throw new XmlError('it is not well-formed XML');
    nodes = parser.parse(document);
  } catch (error) {
    // The parser's own words may quote the document.
    throw error instanceof XmlError ? error : new XmlError('it is not XML that may be read');
  }
  return Array.isArray(nodes) ? nodes : [];
}

function nameOf(node: Node): string {
  return Object.keys(node).find((name) => name !== ':@') ?? '';
}

/** Text alone is a text, anything else members. */
function membersOf(nodes: readonly Node[], depth: number): Members | string {
  const members = emptyMembers();
  let ownText = '';
  for (const node of nodes) {
    const name = nameOf(node);
    if (name === text) ownText += decoded(String(node[text]));
    else if (name === cdata)
      ownText += (node[cdata] as readonly Node[]).map((part) => String(part[text])).join('');
    else add(members, name, elementOf(node, name, depth));
  }
  ownText = ownText.trim();
  if (Object.keys(members).length === 0) return ownText;
  if (ownText !== '') members._ = ownText;
  return members;
}

function elementOf(node: Node, name: string, depth: number): Members | string {
  if (depth > maximumDepth) throw new XmlError(`its elements are nested deeper than ${maximumDepth}`);
  const content = membersOf((node[name] ?? []) as readonly Node[], depth + 1);
  const attributes = Object.entries((node[':@'] ?? {}) as Record<string, string>);
  if (attributes.length === 0) return content;
  const members = typeof content === 'string' ? emptyMembers() : content;
  if (typeof content === 'string' && content !== '') members._ = content;
  const found = emptyMembers();
  for (const [attribute, value] of attributes) found[attribute] = decoded(String(value));
  members._attr = found;
  return members;
}

function add(members: Members, name: string, value: Members | string): void {
  const there = members[name];
  if (there === undefined) members[name] = value;
  else if (Array.isArray(there)) there.push(value);
  else members[name] = [there, value];
}

function decoded(value: string): string {
  return value.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w+);?/g, (reference, name: string) => {
    const character = name.startsWith('#') ? numeric(name) : named[name];
    if (character === undefined || !reference.endsWith(';'))
      throw new XmlError('it holds an entity that is not known');
    return character;
  });
}

function numeric(name: string): string | undefined {
  const code = name.startsWith('#x')
    ? Number.parseInt(name.slice(2), 16)
    : Number.parseInt(name.slice(1), 10);
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code);
}
