/** What a token source remembers, by key: of a thousand keys the least recently used is forgotten. @module */
import type { Flight } from './flight.ts';
import type { HeldToken } from './held-token.ts';
import { type Kept, nothingKept } from './kept-token.ts';

export interface Entry {
  kept: Kept;
  /** The running flight; null: none. */
  flight: Flight<HeldToken> | null;
  /** What the newest flight brought that succeeded. */
  newest: { readonly held: HeldToken; isRefused: boolean } | null;
  /** Changes of an external cache, one after the other. */
  writing: Promise<void>;
  lastUse: number;
}

const maxEntries = 1000;

export class Entries {
  readonly #entries = new Map<string, Entry>();
  #uses = 0;

  known(key: string): Entry | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    entry.lastUse = ++this.#uses;
    return entry;
  }

  /** A new one, if there is none. */
  of(key: string): Entry {
    const known = this.known(key);
    if (known !== null) return known;
    if (this.#entries.size >= maxEntries) this.#evict();
    const entry: Entry = {
      kept: nothingKept,
      flight: null,
      newest: null,
      writing: Promise.resolve(),
      lastUse: ++this.#uses,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  /** The least recently used one leaves, unless somebody waits for it. */
  #evict(): void {
    let oldest: { readonly key: string; readonly lastUse: number } | null = null;
    for (const [key, { flight, lastUse }] of this.#entries) {
      if (flight === null && lastUse < (oldest?.lastUse ?? Number.POSITIVE_INFINITY))
        oldest = { key, lastUse };
    }
    if (oldest !== null) this.#entries.delete(oldest.key);
  }
}
