/** What makes access tokens worthless before their end, as guards elsewhere have to learn it. @module */
import type { ApplicationId, SessionId, UserId } from './ids.ts';

export type Revocation =
  | { readonly kind: 'session_ended'; readonly session: SessionId }
  /** Of the session's tokens only those of this generation and later ones count, from an instant on. */
  | {
      readonly kind: 'generation_replaced';
      readonly session: SessionId;
      readonly generation: number;
      readonly fromMs: number;
    }
  /** `fromMs` null: at once. Also of a user who is gone. */
  | { readonly kind: 'user_suspended'; readonly user: UserId; readonly fromMs: number | null }
  | { readonly kind: 'user_restored'; readonly user: UserId }
  /** Of the keys that verify tokens one came or went. */
  | { readonly kind: 'keys_changed' }
  /** Its lists of tokens, its credential, or the application itself. Told to nobody outside. */
  | { readonly kind: 'application_changed'; readonly application: ApplicationId };

export type RevocationKind = Revocation['kind'];

/** How long access tokens live that are accepted without asking the server, and so how long a revocation matters. */
export interface TokenLives {
  /** Longest life by the interface that made them; one that is not here: {@link longestSeconds}. */
  readonly secondsByFace: ReadonlyMap<string, number>;
  readonly longestSeconds: number;
  /** For clocks that go wrong, and guards that tolerate it. */
  readonly marginSeconds: number;
}

/** A revocation in its place in the feed. */
export interface PlacedRevocation {
  readonly position: number;
  readonly revocation: Revocation;
  /** From then on no access token is left that it could be about. */
  readonly untilMs: number;
}
