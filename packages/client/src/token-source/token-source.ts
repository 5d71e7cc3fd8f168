/** Where calls get their token from: kept while it lives, asked for once however many wait. @module */
import { inlineSecrets } from '../plan/inline-secrets.ts';
import { resolveSecrets } from '../plan/resolve-secrets.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import { processKey } from './cache-key.ts';
import { Entries, type Entry } from './entries.ts';
import type { SealedCache } from './external-cache.ts';
import { type Abandonment, Flight } from './flight.ts';
import { type HeldToken, isSameToken } from './held-token.ts';
import { type HeldRefreshToken, type Kept, readKept, writeKept } from './kept-token.ts';
import { type Asked, type Obtained, type Obtaining, obtainToken } from './obtain-token.ts';

/** For whom a token is wanted. Equal keys share it. */
export interface TokenTarget {
  readonly plan: TokenPlan;
  readonly authData: Readonly<Record<string, unknown>> | null;
  readonly key: string;
}

/** What one flight does instead of asking with credentials: for refresh tokens that somebody else keeps. */
export type Obtain = (obtaining: Obtaining, asked: Asked) => Promise<Obtained>;

export interface TokenSourceParts extends Obtaining {
  /** Null: tokens are kept in this process. */
  readonly cache: SealedCache | null;
  readonly obtain?: Obtain;
  readonly abandonment?: Abandonment;
}

export class TokenSource {
  readonly #parts: TokenSourceParts;
  readonly #entries = new Entries();
  /** Numbers flights; later ones of any key have higher numbers. */
  #flights = 0;

  constructor(parts: TokenSourceParts) {
    this.#parts = parts;
  }

  /** With what `cacheKey` is made. */
  get hmacKey(): Uint8Array {
    return this.#parts.cache?.hmacKey ?? processKey;
  }

  /** The kept token, without waiting for anything; null: `get` must be asked. */
  peek({ plan, key }: TokenTarget): HeldToken | null {
    if (this.#cacheFor(plan) !== null) return null;
    return this.#usable(this.#entries.known(key)?.kept.token ?? null);
  }

  /** @throws {TokenClientError} stage `token` @throws AbortError */
  async get(target: TokenTarget, signal: AbortSignal | null): Promise<HeldToken> {
    if (isPerCall(target.plan)) return this.#unshared(target).join(signal);
    const entry = this.#entries.of(target.key);
    const before = this.#flights;
    const kept = await this.#read(target, entry);
    return kept ?? (await this.#newerOrNew(target, entry, before, null, signal));
  }

  /**
   * A token in place of a refused one.
   *
   * @returns null: the system hands out the refused one again
   * @throws {TokenClientError} stage `token` @throws AbortError
   */
  async replace(
    target: TokenTarget,
    refused: HeldToken,
    signal: AbortSignal | null,
  ): Promise<HeldToken | null> {
    if (isPerCall(target.plan)) {
      const fresh = await this.#unshared(target).join(signal);
      return isSameToken(fresh, refused) ? null : fresh;
    }
    this.refuse(target, refused);
    const entry = this.#entries.of(target.key);
    const kept = await this.#read(target, entry);
    const fresh = kept ?? (await this.#newerOrNew(target, entry, refused.flight, refused, signal));
    return isSameToken(fresh, refused) ? null : fresh;
  }

  /** Drops this token, and no other that may have taken its place. */
  refuse({ plan, key }: TokenTarget, refused: HeldToken): void {
    const entry = this.#entries.of(key);
    if (entry.newest !== null && isSameToken(entry.newest.held, refused)) entry.newest.isRefused = true;
    entry.kept = withoutRefused(entry.kept, refused);
    const cache = this.#cacheFor(plan);
    if (cache === null) return;
    this.#write(entry, async () => {
      const kept = await readKept(cache, key, this.#flights);
      const left = withoutRefused(kept, refused);
      if (left !== kept) await writeKept(cache, key, left, this.#parts.now());
    });
  }

  async #newerOrNew(
    target: TokenTarget,
    entry: Entry,
    flight: number,
    refused: HeldToken | null,
    signal: AbortSignal | null,
  ): Promise<HeldToken> {
    if (entry.flight !== null && entry.flight.number > flight) return entry.flight.join(signal);
    const newest = entry.newest;
    if (newest !== null && newest.held.flight > flight) {
      const isAnswer = refused !== null && isSameToken(newest.held, refused);
      if (isAnswer || !newest.isRefused) return newest.held;
    }
    return (entry.flight ?? this.#start(target, entry, refused)).join(signal);
  }

  #start(target: TokenTarget, entry: Entry, refused: HeldToken | null): Flight<HeldToken> {
    const number = ++this.#flights;
    const end = (): void => {
      if (entry.flight === flight) entry.flight = null;
    };
    const work = async (signal: AbortSignal): Promise<HeldToken> => {
      try {
        const kept = await this.#obtain(target, number, await this.#refreshToken(target, entry), signal);
        this.#keep(target, entry, kept, refused);
        return kept.token;
      } finally {
        end();
      }
    };
    const abandonment = this.#parts.abandonment ?? 'stops';
    const flight = new Flight(number, work, { abandonment, left: end });
    entry.flight = flight;
    return flight;
  }

  #keep(target: TokenTarget, entry: Entry, kept: Obtained, refused: HeldToken | null): void {
    const isRefused = refused !== null && isSameToken(kept.token, refused);
    entry.newest = { held: kept.token, isRefused };
    const isKept = !isRefused && kept.token.staleAtMs !== null;
    const next: Kept = { token: isKept ? kept.token : null, refresh: kept.refresh };
    const cache = this.#cacheFor(target.plan);
    if (cache === null) entry.kept = next;
    else this.#write(entry, () => writeKept(cache, target.key, next, this.#parts.now()));
  }

  /** One token for one call: nothing kept, nothing shared. */
  #unshared(target: TokenTarget): Flight<HeldToken> {
    const work = async (signal: AbortSignal): Promise<HeldToken> =>
      (await this.#obtain(target, 0, null, signal)).token;
    return new Flight(0, work, { abandonment: 'stops', left: () => {} });
  }

  #obtain(
    { plan, authData }: TokenTarget,
    flight: number,
    refresh: HeldRefreshToken | null,
    signal: AbortSignal,
  ): Promise<Obtained> {
    const obtain = this.#parts.obtain ?? obtainToken;
    return obtain(this.#parts, { plan, authData, flight, refresh, signal });
  }

  /** The kept token if it is not stale. */
  async #read({ plan, key }: TokenTarget, entry: Entry): Promise<HeldToken | null> {
    const cache = this.#cacheFor(plan);
    if (cache === null) return this.#usable(entry.kept.token);
    const before = this.#flights;
    await entry.writing;
    const { token } = await readKept(cache, key, before);
    const held = this.#usable(token);
    return held && { ...held, secrets: await this.#secretsFor(plan) };
  }

  /** A vault is asked only if calls carry what is in it. */
  async #secretsFor(plan: TokenPlan): Promise<Secrets> {
    const isPlaced = /"name":"(?:username|password|client_id|client_secret)"/.test(
      JSON.stringify(plan.placements),
    );
    return isPlaced ? resolveSecrets(plan, this.#parts.readers) : inlineSecrets(plan);
  }

  async #refreshToken({ plan, key }: TokenTarget, entry: Entry): Promise<HeldRefreshToken | null> {
    if (plan.step.kind !== 'request' || plan.step.renewal === null) return null;
    const cache = this.#cacheFor(plan);
    if (cache !== null) await entry.writing;
    const { refresh } = cache === null ? entry.kept : await readKept(cache, key, this.#flights);
    if (refresh === null || refresh.staleAtMs === null) return refresh;
    return this.#parts.now() < refresh.staleAtMs ? refresh : null;
  }

  #usable(held: HeldToken | null): HeldToken | null {
    return held?.staleAtMs != null && this.#parts.now() < held.staleAtMs ? held : null;
  }

  #write(entry: Entry, change: () => Promise<void>): void {
    entry.writing = entry.writing.then(change);
  }

  /** What is configured, or comes from a mock file, has nothing to share with other processes. */
  #cacheFor({ step, stub }: TokenPlan): SealedCache | null {
    return step.kind === 'request' && stub === null ? this.#parts.cache : null;
  }
}

const isPerCall = ({ lifetime, step, stub }: TokenPlan): boolean =>
  lifetime.kind === 'per-call' && step.kind === 'request' && stub === null;

/** A token that came by a refresh token and is refused takes that refresh token with it. */
function withoutRefused(kept: Kept, refused: HeldToken): Kept {
  if (kept.token === null || !isSameToken(kept.token, refused)) return kept;
  return { token: null, refresh: refused.by === 'refresh' ? null : kept.refresh };
}
