/** A decoded token as the original shows it. @module */
import type { DecodedToken } from '@tessera/token';
import { claimText } from './claim-text.ts';

/** One property a line, by the original's names, in its order. */
export function decodedList(decoded: DecodedToken): readonly string[] {
  const rows = Object.entries(decoded).map(([name, value]) => [
    name.charAt(0).toUpperCase() + name.slice(1),
    shown(name, value),
  ]);
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows.map(([name = '', text]) => `${name.padEnd(width)} : ${text}`.trimEnd());
}

function shown(name: string, value: unknown): string {
  if (value === null) return '';
  if (value instanceof Date) return originalDate(value);
  if (value instanceof Map) {
    return braced([...value].map(([key, member]) => `[${claimText(key)}, ${claimText(member)}]`));
  }
  if (name === 'claims') {
    const claims = value as DecodedToken['claims'];
    return braced(claims.map((claim) => `${claimText(claim.type)}: ${claimText(claim.value)}`));
  }
  return Array.isArray(value) ? braced(value.map(claimText)) : claimText(value);
}

const braced = (items: readonly string[]): string => `{${items.join(', ')}}`;

/** `10/23/2019 3:03:45 PM`, in UTC. */
function originalDate(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const hours = date.getUTCHours();
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** Two columns, Key and Value. */
export function payloadTable({ payload }: DecodedToken): readonly string[] {
  const rows = [...payload].map(([key, value]) => [claimText(key), claimText(value)] as const);
  const width = Math.max('Key'.length, ...rows.map(([key]) => key.length));
  const line = (key: string, value: string): string => `${key.padEnd(width)} ${value}`;
  return [line('Key', 'Value'), line('---', '-----'), ...rows.map(([key, value]) => line(key, value))];
}

/** The same properties with ISO dates; the maps as lists of pairs, which keep their order. */
export function decodedJson(decoded: DecodedToken): object {
  return { ...decoded, header: [...decoded.header], payload: [...decoded.payload] };
}
