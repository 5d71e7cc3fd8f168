/** Access tokens that this process has made itself: their signature is known to be good. @module */
import type { Claims } from '@tessera/token';
import type { AccessToken } from './access-token.ts';

/** What is known of a genuine token. */
export interface GenuineToken {
  readonly claims: Claims;
  /** Epoch seconds; null: it has no end. */
  readonly expiresAtSeconds: number | null;
}

/** So many are remembered in each of two maps; the older one goes when the younger is full. */
const mostInEach = 10_000;

/** Lives as long as the keys do that signed: a removed key's tokens go with it. */
export class OwnTokens {
  #young = new Map<string, GenuineToken>();
  #old = new Map<string, GenuineToken>();

  remember({ text, claims, expiresAtSeconds }: AccessToken): void {
    if (this.#young.size >= mostInEach) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, { claims, expiresAtSeconds });
  }

  find(text: string): GenuineToken | null {
    return this.#young.get(text) ?? this.#old.get(text) ?? null;
  }
}
