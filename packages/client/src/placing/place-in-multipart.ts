/** A token as a part of `multipart/form-data`; the other parts stay byte for byte. @module */
import { TokenClientError } from '../plan/errors.ts';

/**
 * @param type the Content-Type, with its boundary
 * @throws {TokenClientError} `placement_failed`: no boundary, or a body that it does not divide
 */
export function placeInMultipart(
  body: Uint8Array | null,
  type: string,
  name: string,
  text: string,
): Uint8Array {
  const match = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw failed('its Content-Type names no boundary');
  // Latin-1 maps every byte to one character and back.
  const bytes = Buffer.from(body ?? new Uint8Array()).toString('latin1');
  const disposition = `Content-Disposition: form-data; name="${escaped(name)}"`;
  const kept = bytes === '' ? [] : partsOf(bytes, boundary).filter((part) => !isNamed(part, escaped(name)));
  const parts = [...kept, `\r\n${disposition}\r\n\r\n${latin1(text)}\r\n`];
  return Buffer.from(`${parts.map((part) => `--${boundary}${part}`).join('')}--${boundary}--\r\n`, 'latin1');
}

/** Each from behind its delimiter up to the next one. */
function partsOf(bytes: string, boundary: string): string[] {
  const [preamble = '', ...parts] = `\r\n${bytes}`.split(`\r\n--${boundary}`);
  const last = parts.pop();
  if (preamble.trim() !== '' || last?.startsWith('--') !== true)
    throw failed('its boundary does not divide it');
  return parts.map((part) => `${part}\r\n`);
}

function isNamed(part: string, name: string): boolean {
  const head = part.split('\r\n\r\n', 1)[0] ?? '';
  return /;\s*name="([^"]*)"/.exec(head)?.[1] === name;
}

function escaped(name: string): string {
  return latin1(name).replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The UTF-8 bytes of the text, one character each. */
function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function failed(why: string): TokenClientError {
  return new TokenClientError('placement_failed', 'call', `The token cannot be placed in the form: ${why}.`, {
    cure: 'Send a whole multipart body, or place the token elsewhere.',
  });
}
