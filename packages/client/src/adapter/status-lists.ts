/** Lists of HTTP statuses as configurations write them. @module */
import { type ConfigNode, numberOf } from './config-node.ts';

type Range = readonly [first: number, last: number];

/** `401`, `"401"`, `[401, 403]`, `"401,403"`. */
export function invalidTokenStatuses(node: ConfigNode): readonly number[] {
  if (node.isAbsent) return [401];
  const statuses = partsOf(node.value).map(numberOf);
  if (statuses.length > 0 && statuses.every(isStatus)) {
    const good = statuses.find((status) => status >= 200 && status <= 299);
    if (good === undefined) return statuses;
    node.error({
      reason: `${good} means success, not that the token is invalid`,
      cure: 'use 401, or what the API answers',
    });
    return [401];
  }
  node.error({ reason: 'is no HTTP status', cure: 'write 401, or several as [401, 403]' });
  return [401];
}

/** `429`, `[429, 503]`, `"500-503"`; 0: none. */
export function overloadStatuses(node: ConfigNode): readonly Range[] {
  if (node.isAbsent) return [];
  const ranges = partsOf(node.value)
    .map(rangeOf)
    .filter((range) => range !== 'none');
  if (ranges.every((range) => range !== null)) return ranges;
  node.error({
    reason: 'is no HTTP status and no range of them',
    cure: 'write 429, [429, 503] or "500-503"; 0 for none',
  });
  return [];
}

function rangeOf(part: unknown): Range | 'none' | null {
  const [, first, last] = /^(\d{3})\s*-\s*(\d{3})$/.exec(String(part).trim()) ?? [];
  if (first !== undefined && last !== undefined) {
    const range: Range = [Number(first), Number(last)];
    return range.every(isStatus) && range[0] <= range[1] ? range : null;
  }
  const status = numberOf(part);
  if (status === 0) return 'none';
  return isStatus(status) ? [status, status] : null;
}

function partsOf(value: unknown): unknown[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((one: unknown) =>
    typeof one === 'string' ? one.split(',').map((part) => part.trim()) : [one],
  );
}

function isStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 100 && status <= 599;
}
