/** Everything a request can be refused for, and how one dialect words it. @module */
import type { Problem } from '../domain/problem.ts';

/**
 * What only a server of HTTP finds.
 *
 * - `fault`: a defect, or what nobody foresaw; nothing of it is shown
 */
export type HttpRefusal =
  | { readonly kind: 'unknown_route' }
  | { readonly kind: 'method_not_allowed'; readonly allow: string }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'fault' };

export type Refusal = Problem | HttpRefusal;

/** A refusal as it goes onto the wire; the body is JSON text. */
export interface WordedRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A dialect's words for refusals, whole: every kind has some. */
export type ErrorFace = (refusal: Refusal, requestId: string) => WordedRefusal;
