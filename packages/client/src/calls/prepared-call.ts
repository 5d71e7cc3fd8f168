/** A call as it would go out, but for the token. @module */
import { assertPlaceable } from '../placing/place-in-body.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { Header } from '../plan/wire.ts';
import type { TokenTarget } from '../token-source/token-source.ts';
import type { BodySource, WireBody } from './call-body.ts';

export interface PreparedCall {
  readonly target: TokenTarget;
  readonly method: string;
  /** Absolute, of an origin that may have the token. */
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: BodySource;
  /** Of the first attempt. */
  readonly firstBody: WireBody;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
}

export interface CallParts {
  readonly target: TokenTarget;
  readonly method: string;
  readonly url: string;
  readonly headers: (contentType: string | null) => Header[];
  readonly body: BodySource;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
  readonly bodyOnGet: 'as-configured' | 'refused';
}

/** @throws {TokenClientError} `placement_failed`, before a token is asked for */
export async function prepareCall({ headers, body, bodyOnGet, ...parts }: CallParts): Promise<PreparedCall> {
  const next = body.next();
  const firstBody = next instanceof Promise ? await next : next;
  const call = { ...parts, headers: headers(firstBody.contentType), body, firstBody };
  const { plan } = parts.target;
  if (placesIntoBody(plan)) {
    const body = firstBody.kind === 'stream' ? 'stream' : firstBody.bytes;
    const strict = bodyOnGet === 'refused' ? { ...plan, bodyOnGet } : plan;
    assertPlaceable(strict, { method: parts.method, headers: call.headers, body });
  }
  return call;
}

const placesIntoBody = ({ placements }: TokenPlan): boolean => placements.some(({ kind }) => kind === 'body');
