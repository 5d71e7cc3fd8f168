/** A map that forgets: what comes again stays, what does not goes. @module */

export interface BoundedMemory<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): void;
  delete(name: string): void;
  clear(): void;
  readonly size: number;
}

interface Entry<T> {
  readonly name: string;
  readonly value: T;
}

/**
 * Characters at a name's end by which it is found; then the whole name is compared. A token is a new text in every request, and
 * to hash all of it costs a microsecond, while its end is of its signature: 72 bits, as good as unique. Of two names with one
 * end, the later takes the other's place. V8 copies so short a piece, where a longer one would only point into its text.
 */
const endLength = 12;

/**
 * Two maps, young and old: when the young one is full it becomes the old one. Nothing is moved on a hit in the young one.
 *
 * @param maxEntries 0 remembers nothing
 * @throws {TypeError} for a limit that is not a whole number
 */
export function createBoundedMemory<T>(maxEntries: number): BoundedMemory<T> {
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 0)
    throw new TypeError('maxEntries is a whole number');
  const half = Math.ceil(maxEntries / 2);
  let young = new Map<string, Entry<T>>();
  let old = new Map<string, Entry<T>>();
  const add = (end: string, entry: Entry<T>): void => {
    if (young.size >= half) {
      old = young;
      young = new Map();
    }
    young.set(end, entry);
  };
  return {
    get(name) {
      if (half === 0) return undefined;
      const end = name.slice(-endLength);
      const entry = young.get(end);
      if (entry !== undefined) return entry.name === name ? entry.value : undefined;
      const aged = old.get(end);
      if (aged?.name !== name) return undefined;
      old.delete(end);
      add(end, aged);
      return aged.value;
    },
    set(name, value) {
      if (half === 0) return;
      const end = name.slice(-endLength);
      // To ask first is cheaper: V8 makes a name of its own of any text that is to be deleted.
      if (old.has(end)) old.delete(end);
      add(end, { name, value });
    },
    delete(name) {
      const end = name.slice(-endLength);
      if (young.get(end)?.name === name) young.delete(end);
      if (old.get(end)?.name === name) old.delete(end);
    },
    clear() {
      young = new Map();
      old = new Map();
    },
    get size() {
      return young.size + old.size;
    },
  };
}
