/** Text from outside, with every secret in it taken out before anybody sees it. @module */
import { Secret } from '@tessera/token';
import { isMembers } from '../datatypes/value-path.ts';
import { formEncode, percentEncode } from '../formats/encode-text.ts';
import type { Secrets } from '../plan/secrets.ts';
import { isSensitiveName } from './sensitive-names.ts';

export const mask = '[secret]';
const excerptLength = 512;
/** How much of a text that is no JSON is looked at for members: more than an excerpt shows. */
const searchedLength = 2048;

/** The first 512 characters of a body, masked before they are cut. */
export function maskBody(body: Uint8Array, secrets: Secrets, sensitive: readonly string[]): string {
  const known = Object.values(secrets).map((secret) =>
    secret instanceof Secret ? secret.reveal() : (secret ?? ''),
  );
  return maskText(new TextDecoder().decode(body).trim(), known, sensitive).slice(0, excerptLength);
}

/**
 * Masks the secrets, in whatever encoding, and the values of members with a sensitive name in JSON, XML and forms.
 *
 * @param known values to mask wherever they are; empty ones are not looked for
 * @param sensitive more words that make a name sensitive, in lower case
 */
export function maskText(text: string, known: readonly string[], sensitive: readonly string[]): string {
  return maskMembers(maskKnown(text, known), sensitive);
}

/** A URL with the values of its query masked. */
export function maskUrl(url: string, known: readonly string[]): string {
  const [, address = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  const pairs = query.split('&').filter((pair) => pair !== '');
  const masked = pairs.map((pair) =>
    pair.includes('=') ? `${pair.slice(0, pair.indexOf('='))}=${mask}` : mask,
  );
  return maskKnown(masked.length === 0 ? address : `${address}?${masked.join('&')}`, known);
}

/** In one pass, so that no mask is masked again. */
function maskKnown(text: string, known: readonly string[]): string {
  const forms = [...new Set(known.filter((value) => value !== '').flatMap(spellings))].filter(
    (form) => form !== '',
  );
  if (forms.length === 0) return text;
  const longestFirst = forms.sort((one, other) => other.length - one.length);
  const pattern = longestFirst.map((form) => RegExp.escape(form)).join('|');
  return text.replace(new RegExp(`\\[secret\\]|${pattern}`, 'g'), mask);
}

/** The value as JSON, URLs, forms and base64 write it. */
function spellings(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const percent = percentEncode(value);
  const form = formEncode(value);
  return [
    value,
    json,
    json.replaceAll('/', '\\/'),
    percent,
    lowerHex(percent),
    form,
    lowerHex(form),
    ...xmlSpellings(value),
    ...base64Spellings(value),
  ];
}

function lowerHex(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

function xmlSpellings(value: string): string[] {
  const xml = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    xml,
    xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;'),
    xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  ];
}

/** Base64 of a text that has the value in it, wherever it begins: only the characters that no neighbour changes. */
function base64Spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const inside = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const skipped = [0, 2, 3][offset] ?? 0;
    const partial = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return encoded.slice(skipped, encoded.length - partial);
  });
  const whole = bytes.toString('base64');
  const long = inside.filter((one) => one.length >= 6);
  return [whole, whole.replaceAll('=', ''), ...long].flatMap((one) => [
    one,
    one.replaceAll('+', '-').replaceAll('/', '_'),
    encodeURIComponent(one),
  ]);
}

function maskMembers(text: string, sensitive: readonly string[]): string {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null)
      return JSON.stringify(withoutValues(document, sensitive));
  } catch {
    // Not JSON, or cut off: the patterns below find what they can.
  }
  return text
    .slice(0, searchedLength)
    .replace(
      /(["']?)([\w.-]+)\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s&;,<>"'{}[\]]+)/g,
      (all, quote, name, sign) =>
        isSensitiveName(name, sensitive) ? `${quote}${name}${quote}${sign}${mask}` : all,
    )
    .replace(/<([\w.:-]+)((?:\s[^<>]*)?)>([^<]+)(?=<)/g, (all, name, attributes) =>
      isSensitiveName(name, sensitive) ? `<${name}${attributes}>${mask}` : all,
    );
}

function withoutValues(value: unknown, sensitive: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutValues(one, sensitive));
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      isSensitiveName(name, sensitive) && one !== null ? mask : withoutValues(one, sensitive),
    ]),
  );
}
