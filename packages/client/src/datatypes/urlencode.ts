/** `k=v&k=v`: bodies and queries. @module */
import { encodeIllegal } from '../formats/compile-format.ts';
import { percentDecode, percentEncode } from '../formats/encode-text.ts';
import { emptyMembers, type Members } from './value-path.ts';

/** `encoded`: as Node's `querystring` does; `raw`: only what no URL may hold is encoded. */
export type PairStyle = 'encoded' | 'raw';

/** An array repeats its key. Members that are objects are the caller's to refuse. */
export function writePairs(fields: Readonly<Record<string, unknown>>, style: PairStyle = 'encoded'): string {
  const encode = style === 'encoded' ? percentEncode : encodeIllegal;
  return Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, one] as const))
    .map(([name, value]) => `${encode(name)}=${encode(scalarText(value))}`)
    .join('&');
}

export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : '';
}

/** Of a repeated key the first counts. `+` is a space. */
export function readPairs(text: string): Members {
  const members = emptyMembers();
  for (const pair of text.split('&').filter((part) => part !== '')) {
    const [name = '', ...rest] = pair.replaceAll('+', ' ').split('=');
    members[percentDecode(name)] ??= percentDecode(rest.join('='));
  }
  return members;
}
