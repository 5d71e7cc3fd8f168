/** The newest revocations in memory, and which part of the feed they are; older ones are in the database. @module */
import type { ApplicationId, SessionId, UserId } from '../domain/ids.ts';
import type { PlacedRevocation, Revocation } from '../domain/revocation.ts';
import type { RevocationRow } from '../store/revocations.ts';

/** Some 200 bytes each. */
const mostKept = 20_000;

export class RevocationLog {
  #floor: number;
  #head: number;
  #kept: PlacedRevocation[] = [];

  /** @param head of the feed as it is found; what is before is not in here */
  constructor(head: number) {
    this.#floor = Math.max(0, head - mostKept);
    this.#head = this.#floor;
  }

  /** The greatest position that was read. */
  get head(): number {
    return this.#head;
  }

  /** From which position on (exclusive) it is whole. */
  get floor(): number {
    return this.#floor;
  }

  add(placed: readonly PlacedRevocation[]): void {
    this.#kept.push(...placed);
    this.#head = placed.at(-1)?.position ?? this.#head;
    if (this.#kept.length <= 2 * mostKept) return;
    const dropped = this.#kept.splice(0, this.#kept.length - mostKept);
    this.#floor = dropped.at(-1)?.position ?? this.#floor;
  }

  /** @param position at or above {@link floor} */
  after(position: number, limit: number): readonly PlacedRevocation[] {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#kept[middle] as PlacedRevocation).position <= position) low = middle + 1;
      else high = middle;
    }
    return this.#kept.slice(low, low + limit);
  }
}

export function placedRevocation(row: RevocationRow): PlacedRevocation {
  return { position: row.position ?? 0, untilMs: row.until_ms ?? 0, revocation: revocationOf(row) };
}

function revocationOf({ kind, subject, generation, from_ms: fromMs }: RevocationRow): Revocation {
  switch (kind) {
    case 'session_ended':
      return { kind, session: subject as SessionId };
    case 'generation_replaced':
      return { kind, session: subject as SessionId, generation: generation ?? 0, fromMs: fromMs ?? 0 };
    case 'user_suspended':
      return { kind, user: subject as UserId, fromMs };
    case 'user_restored':
      return { kind, user: subject as UserId };
    case 'keys_changed':
      return { kind };
    case 'application_changed':
      return { kind, application: subject as ApplicationId };
  }
}
