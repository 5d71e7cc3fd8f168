/**
 * Flat YAML, `KEY: value`: the part of YAML that a configuration of a dozen texts needs, and no more.
 *
 * A general YAML parser brings anchors that multiply, tags, and nesting that exhausts it (a thousand `[` end a process),
 * and loads longer than the rest of the program.
 * @module
 */

/** One line, kept as it is written unless it is changed. */
export type Line = EntryLine | { readonly kind: 'other'; readonly raw: string };

export interface EntryLine {
  readonly kind: 'entry';
  readonly raw: string;
  readonly key: string;
  /** As text, whatever it looks like; null: empty, `null` or `~`. */
  readonly value: string | null;
  /** With the blanks before it. */
  readonly comment: string;
}

/** The text is not flat YAML. Nothing of it is in the message: it may hold secrets. */
export class FlatYamlError extends Error {
  override readonly name: 'FlatYamlError' = 'FlatYamlError';

  constructor(lineNumber: number, reason: string) {
    super(`line ${lineNumber}: ${reason}`);
  }
}

const onlyFlat = 'write KEY: value, without nesting, lists, anchors, aliases and tags';
// A blank is a space or a tab (YAML 1.2 §6.1); all others, such as a no-break space, are text.
const blank = /^[ \t]*(?:#.*)?$/s;
const documentStart = /^---(?:[ \t]+#.*|[ \t]*)$/s;
const entry = /^([A-Za-z_][\w.-]*)[ \t]*:([ \t]*)((?<=[ \t]).*)?$/s;
const singleQuoted = /^'((?:[^']|'')*)'/;
const doubleQuoted = /^"(?:[^"\\]|\\.)*"/s;
/** Up to a comment, which a blank must precede, and without blanks at its end. */
const plain = /^(?:[^ \t#]|[ \t]+(?![ \t#]|$)|(?<=[^ \t])#)*/;
/** What gives a plain scalar another meaning: indicators at the start, a colon that would begin a map. */
const notPlain = /^[[\]{},&*!|>%@`'"]|^[-?:](?:[ \t]|$)|:(?:[ \t]|$)/;
const remainder = /^[ \t]*$|^[ \t]+#.*$/s;
const blanksAtEnd = /[ \t]+$/;

/** @throws {FlatYamlError} */
export function parseFlatYaml(text: string): Line[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const seen = new Set<string>();
  return lines.map((raw, index) => {
    const isFrame = blank.test(raw) || (documentStart.test(raw) && seen.size === 0);
    if (isFrame) return { kind: 'other', raw };
    const line = parseEntry(raw, index + 1);
    if (seen.has(line.key)) throw new FlatYamlError(index + 1, `${line.key} stands here a second time`);
    seen.add(line.key);
    return line;
  });
}

function parseEntry(raw: string, lineNumber: number): EntryLine {
  const found = entry.exec(raw);
  if (found === null) throw new FlatYamlError(lineNumber, onlyFlat);
  const [, key = '', blanks = '', text = ''] = found;
  const { value, length } = parseScalar(text, lineNumber);
  const comment = length === 0 ? blanks + text : text.slice(length);
  if (!remainder.test(comment)) throw new FlatYamlError(lineNumber, onlyFlat);
  return { kind: 'entry', raw, key, value, comment: comment.replace(blanksAtEnd, '') };
}

interface Scalar {
  readonly value: string | null;
  readonly length: number;
}

function parseScalar(text: string, lineNumber: number): Scalar {
  const single = singleQuoted.exec(text);
  if (single !== null) return { value: single[1]?.replaceAll("''", "'") ?? '', length: single[0].length };
  const double = doubleQuoted.exec(text);
  if (double !== null) return { value: unescaped(double[0], lineNumber), length: double[0].length };
  const written = plain.exec(text)?.[0] ?? '';
  if (notPlain.test(written)) throw new FlatYamlError(lineNumber, onlyFlat);
  return { value: /^(?:|~|null|Null|NULL)$/.test(written) ? null : written, length: written.length };
}

/** JSON's escapes are those of YAML that are needed (YAML 1.2 §5.7). */
function unescaped(quoted: string, lineNumber: number): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new FlatYamlError(lineNumber, 'inside double quotes, write escapes as in JSON');
  }
}

/** The lines with one key set, where it stands or else at the end; null removes it. */
export function setEntry(lines: readonly Line[], key: string, value: string | null): Line[] {
  const found = lines.find((line) => line.kind === 'entry' && line.key === key);
  if (value === null) return lines.filter((line) => line !== found);
  const comment = found?.kind === 'entry' ? found.comment : '';
  const line: Line = { kind: 'entry', raw: `${key}: ${writeScalar(value)}${comment}`, key, value, comment };
  return found === undefined ? [...lines, line] : lines.map((other) => (other === found ? line : other));
}

export function formatFlatYaml(lines: readonly Line[]): string {
  return lines.map(({ raw }) => `${raw}\n`).join('');
}

/** Quoted where YAML would see anything but this text, or a number, which rounds. */
function writeScalar(value: string): string {
  const isSafe = /^[\w/][\w./:@|+=,~-]*$/.test(value) && !value.endsWith(':');
  const looksOtherwise = /^[\d.+-][\d._eExob:+-]*$/.test(value) || /^(?:null|~)$/i.test(value);
  return isSafe && !looksOtherwise ? value : JSON.stringify(value);
}
