/**
 * Accepted credentials by their whole text, so that one that comes again costs one look-up.
 *
 * The memory is one guard's own: its methods, keys and rules never change, and what may change, each entry's `stands` asks anew. Only
 * accepted credentials are in it, so forgeries cannot push them out.
 * @module
 */
import { createBoundedMemory } from '@tessera/token';
import type { Accepted } from '../methods/method.ts';
import type { Decision } from './guard.ts';
import type { MemoryLimits } from './options.ts';

export interface RememberedEntry {
  readonly accepted: Accepted;
  /** Made once, shared by all requests with this credential. */
  readonly pass: Decision;
}

export interface RememberedCredentials {
  get(sent: string): RememberedEntry | undefined;
  set(sent: string, entry: RememberedEntry): void;
  delete(sent: string): void;
  clear(): void;
  readonly size: number;
}

export function rememberCredentials({
  maxTokens = 20_000,
  maxLength = 4096,
}: MemoryLimits): RememberedCredentials {
  if (!Number.isSafeInteger(maxLength) || maxLength < 0) throw new TypeError('maxLength is a whole number');
  const memory = createBoundedMemory<RememberedEntry>(maxTokens);
  return {
    get: memory.get,
    set(sent, entry) {
      if (sent.length <= maxLength && entry.accepted.remembered !== null) memory.set(sent, entry);
    },
    delete: memory.delete,
    clear: memory.clear,
    get size() {
      return memory.size;
    },
  };
}
