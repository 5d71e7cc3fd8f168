/** Sessions as their rows are, kept in memory for who uses them again soon: reading one takes longer than deciding on it. @module */
import type { SessionId } from '../../domain/ids.ts';
import type { Session } from '../../domain/session.ts';

/** Sessions of each of two ages; a kilobyte each, at most. */
const mostOfAnAge = 10_000;

/**
 * The caller proves that what is here is as in the database: it looks only inside a transaction that began with a look at the
 * file's version, and every write of this process forgets or replaces what it changes.
 */
export class RecentSessions {
  readonly #mostOfAnAge: number;
  #newer = new Map<SessionId, Session>();
  /** Not found again since the newer ones began to fill; goes as a whole when they are full. */
  #older = new Map<SessionId, Session>();

  constructor(most: number = mostOfAnAge) {
    this.#mostOfAnAge = most;
  }

  find(id: SessionId): Session | null {
    const newer = this.#newer.get(id);
    if (newer !== undefined) return newer;
    const older = this.#older.get(id);
    if (older === undefined) return null;
    this.keep(older);
    return older;
  }

  keep(session: Session): void {
    if (this.#newer.size >= this.#mostOfAnAge && !this.#newer.has(session.id)) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(session.id, session);
  }

  forget(id: SessionId): void {
    this.#newer.delete(id);
    this.#older.delete(id);
  }

  forgetAll(): void {
    this.#newer.clear();
    this.#older.clear();
  }
}
