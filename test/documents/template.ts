/**
 * Texts with holes, as documents write what they expect.
 *
 * | written | in what is sent | in what is expected |
 * | --- | --- | --- |
 * | `{{ada.jwt}}` | the value captured under that name | the same value; the first time: any text, captured |
 * | `{{ada.id <uuid>}}` | | the same, and the first time only a text of that kind |
 * | `<uuid>` and the other kinds | itself | a text of that kind |
 * | `…` | itself | any text, also none |
 * @module
 */
import { secret } from '../harness/run-folder.ts';

/** What a document has captured so far, by name. */
export type Captures = Map<string, string>;

/** The kinds of text, as regular expressions. */
const kinds: Readonly<Record<string, string>> = {
  text: '[^\\n]+',
  uuid: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  time: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z',
  jwt: '[\\w-]+\\.[\\w-]+\\.[\\w-]+',
  'refresh-token': '[A-Za-z0-9]{64}',
  digits: '\\d+',
  pem: '-----BEGIN [\\s\\S]+-----\\n?',
};

const hole = /\{\{\s*([\w.-]+)(?:\s+<([\w-]+)>)?\s*\}\}|<([\w-]+)>|…/g;

/**
 * The text with every `{{name}}` replaced by its value.
 *
 * @throws when a name has not been captured yet
 */
export function fill(template: string, captures: Captures): string {
  return template.replace(hole, (written, name: string | undefined) => {
    if (name === undefined) return written;
    const value = captures.get(name);
    if (value === undefined) throw new Error(`{{${name}}} has not been captured yet`);
    return value;
  });
}

/** Whether `text` is what `template` describes; if so, what it newly captures is added to `captures`. */
export function matches(template: string, text: string, captures: Captures): boolean {
  const names: string[] = [];
  let pattern = '';
  let end = 0;
  for (const match of template.matchAll(hole)) {
    const [written, name, kindOfName, kind] = match;
    pattern += RegExp.escape(template.slice(end, match.index));
    end = match.index + written.length;
    if (name === undefined)
      pattern += kind === undefined ? '[\\s\\S]*?' : (kinds[kind] ?? RegExp.escape(written));
    else pattern += captureOf(name, kindOfName ?? 'text', captures, names);
  }
  const found = new RegExp(`^${pattern}${RegExp.escape(template.slice(end))}$`).exec(text);
  if (found === null) return false;
  names.forEach((name, at) => {
    const value = found[at + 1] ?? '';
    if (value.length >= 32) secret(value.slice(value.lastIndexOf('.') + 1));
    captures.set(name, value);
  });
  return true;
}

function captureOf(name: string, kind: string, captures: Captures, names: string[]): string {
  const value = captures.get(name);
  if (value !== undefined) return RegExp.escape(value);
  const known = kinds[kind];
  if (known === undefined) throw new Error(`<${kind}> is no kind of text`);
  const earlier = names.indexOf(name);
  if (earlier >= 0) return `\\${earlier + 1}`;
  names.push(name);
  return `(${known})`;
}
