/** `multipart/form-data` with a known length. @module */
import { scalarText } from './urlencode.ts';

/** One part per field, in their order; an array repeats its part. RFC 7578, names as the HTML standard escapes them. */
export function writeFormData(fields: Readonly<Record<string, unknown>>, boundary: string): string {
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(
      (one) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${scalarText(one)}\r\n`,
    ),
  );
  return `${parts.join('')}--${boundary}--\r\n`;
}

function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
