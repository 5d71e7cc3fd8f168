/** Secrets that do not show: wrapped values print as `[secret]`, and are compared in constant time. @module */
import { hash, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

const shown = '[secret]';

/** Text or bytes that only `reveal()` gives away. */
export class Secret<T extends string | Uint8Array = string> {
  static {
    // Not a method, because a declaration file cannot spell a name that is only known at run time.
    Object.defineProperty(Secret.prototype, inspect.custom, { value: () => shown });
  }

  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself; let it go no further than the call that needs it. */
  reveal(): T {
    return this.#value;
  }

  equals(other: Secret<string | Uint8Array> | string | Uint8Array): boolean {
    return equalInConstantTime(this.#value, other instanceof Secret ? other.reveal() : other);
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [Symbol.toPrimitive](): string {
    return shown;
  }
}

/** Text is compared as its UTF-8 bytes. Takes the same time wherever the values differ, and hides their lengths. */
export function equalInConstantTime(left: string | Uint8Array, right: string | Uint8Array): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'));
}
