/** Headers as one entry each, a repeated one as several. @module */
import type { Header } from '../plan/wire.ts';
import type { HttpHeaders } from './http-exchange.ts';

export function headerPairs(headers: HttpHeaders): Header[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return (typeof value === 'string' ? [value] : value).map((one): Header => [name, one]);
  });
}
