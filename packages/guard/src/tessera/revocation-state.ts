/** What of a server's access tokens is worthless before its end, as its feed has told so far. @module */
import { ServerError } from './server-error.ts';

/** A page of `GET /guard/v1/revocations`. */
export interface RevocationPage {
  readonly cursor: string;
  /** What was known before counts for nothing. */
  readonly anew: boolean;
  readonly more: boolean;
  /** Epoch seconds: tokens issued until then are worthless. */
  readonly issuedBefore: number | null;
  readonly revocations: readonly Readonly<Record<string, unknown>>[];
}

/** What of a token a revocation can be about. */
export interface RevocableToken {
  readonly sessionId: string;
  readonly userId: string;
  /** Null: its session's tokens are not counted. */
  readonly generation: number | null;
  readonly issuedAtSeconds: number;
}

interface Replaced {
  readonly generation: number;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

interface Suspended {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

const tidyEveryMs = 60_000;

export class RevocationState {
  readonly #sessions = new Map<string, number>();
  readonly #generations = new Map<string, readonly Replaced[]>();
  readonly #users = new Map<string, Suspended>();
  #issuedBefore: number | null = null;
  #tidiedAtMs = 0;

  /** How many sessions, generations and users are known to be worthless. */
  get sizes(): { readonly sessions: number; readonly generations: number; readonly users: number } {
    return {
      sessions: this.#sessions.size,
      generations: this.#generations.size,
      users: this.#users.size,
    };
  }

  apply(page: RevocationPage, nowMs: number): void {
    if (page.anew) {
      this.#sessions.clear();
      this.#generations.clear();
      this.#users.clear();
    }
    this.#issuedBefore = page.issuedBefore;
    for (const one of page.revocations) this.#note(one);
    if (nowMs - this.#tidiedAtMs >= tidyEveryMs) this.#tidy(nowMs);
  }

  isRevoked(token: RevocableToken, nowMs: number): boolean {
    const { sessionId, userId, generation, issuedAtSeconds } = token;
    if (this.#issuedBefore !== null && issuedAtSeconds <= this.#issuedBefore) return true;
    if (this.#sessions.has(sessionId)) return true;
    const now = nowMs / 1000;
    const user = this.#users.get(userId);
    if (user !== undefined && now >= user.fromSeconds) return true;
    if (generation === null) return false;
    const replaced = this.#generations.get(sessionId);
    return replaced?.some((one) => generation < one.generation && now >= one.fromSeconds) ?? false;
  }

  #note(one: Readonly<Record<string, unknown>>): void {
    const { kind, session, user, until } = one;
    const untilSeconds = typeof until === 'number' ? until : Number.POSITIVE_INFINITY;
    const fromSeconds = typeof one.from === 'number' ? one.from : 0;
    if (kind === 'session_ended' && typeof session === 'string') this.#sessions.set(session, untilSeconds);
    if (kind === 'user_suspended' && typeof user === 'string')
      this.#users.set(user, { fromSeconds, untilSeconds });
    if (kind === 'user_restored' && typeof user === 'string') this.#users.delete(user);
    if (kind === 'generation_replaced' && typeof session === 'string' && typeof one.generation === 'number')
      this.#replace(session, { generation: one.generation, fromSeconds, untilSeconds });
  }

  /** Earlier ones stay as long as they say more: that something is over sooner. */
  #replace(session: string, replaced: Replaced): void {
    const others = this.#generations.get(session) ?? [];
    const kept = others.filter(
      (one) => one.generation > replaced.generation || one.fromSeconds < replaced.fromSeconds,
    );
    this.#generations.set(session, [...kept.slice(-2), replaced]);
  }

  /** No token is left for what is over. */
  #tidy(nowMs: number): void {
    this.#tidiedAtMs = nowMs;
    const now = nowMs / 1000;
    for (const [session, until] of this.#sessions) if (until < now) this.#sessions.delete(session);
    for (const [user, { untilSeconds }] of this.#users) if (untilSeconds < now) this.#users.delete(user);
    for (const [session, replaced] of this.#generations)
      if (replaced.every(({ untilSeconds }) => untilSeconds < now)) this.#generations.delete(session);
  }
}

/** @throws {ServerError} `bad_content` for what is no page */
export function readRevocationPage(body: Readonly<Record<string, unknown>>): RevocationPage {
  const { cursor, anew, more, issuedBefore, revocations } = body;
  const isPage =
    typeof cursor === 'string' &&
    typeof anew === 'boolean' &&
    typeof more === 'boolean' &&
    (issuedBefore === null || typeof issuedBefore === 'number') &&
    Array.isArray(revocations) &&
    revocations.every((one) => typeof one === 'object' && one !== null);
  if (!isPage) throw new ServerError('bad_content');
  return body as unknown as RevocationPage;
}
