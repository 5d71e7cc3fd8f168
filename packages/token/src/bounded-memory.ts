/** A map that forgets: what comes again stays, what does not goes. @module */

export interface BoundedMemory<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): void;
  delete(name: string): void;
  clear(): void;
  readonly size: number;
}

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
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  const set = (name: string, value: T): void => {
    if (half === 0) return;
    if (young.size >= half) {
      old = young;
      young = new Map();
    }
    young.set(name, value);
  };
  return {
    get(name) {
      const value = young.get(name);
      if (value !== undefined) return value;
      const aged = old.get(name);
      if (aged === undefined) return undefined;
      old.delete(name);
      set(name, aged);
      return aged;
    },
    set,
    delete(name) {
      young.delete(name);
      old.delete(name);
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
