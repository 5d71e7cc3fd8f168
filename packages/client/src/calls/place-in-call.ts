/** The request of one attempt: the original call, with the token of that attempt. @module */
import type { HttpRequest } from '../http/http-exchange.ts';
import { placeToken } from '../placing/place-token.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { Header, WireRequest } from '../plan/wire.ts';
import type { HeldToken } from '../token-source/held-token.ts';
import type { WireBody } from './call-body.ts';
import { withPlacedHeaders } from './call-headers.ts';
import type { PreparedCall } from './prepared-call.ts';

/** @throws {TokenClientError} `placement_failed`, `unsafe_header` */
export function placeInCall(call: PreparedCall, body: WireBody, held: HeldToken): HttpRequest {
  const { plan } = call.target;
  const { method, url } = call;
  const placed = placedHeaders(plan, held);
  if (placed !== null) {
    const content = body.kind === 'stream' ? body.stream : body.bytes;
    return { method, url, headers: withPlacedHeaders(call.headers, placed), body: content };
  }
  const bytes = body.kind === 'bytes' ? body.bytes : null;
  const wire: WireRequest = placeToken(
    plan,
    { method, url, headers: call.headers, body: bytes },
    held,
    held.secrets,
  );
  return body.kind === 'stream' ? { ...wire, body: body.stream } : wire;
}

/**
 * What the token becomes in every call alike, made once for each token; null: it depends on the call.
 *
 * A cookie is merged with the call's own, a query or body is the call's.
 */
function placedHeaders(plan: TokenPlan, held: HeldToken): readonly Header[] | null {
  const known = held.placed;
  if (known?.by === plan) return known.headers;
  const headers = plan.placements.every(isSameInEveryCall)
    ? placeToken(plan, nothing, held, held.secrets).headers
    : null;
  held.placed = { by: plan, headers };
  return headers;
}

const nothing: WireRequest = { method: 'GET', url: 'http://localhost/', headers: [], body: null };

function isSameInEveryCall(placement: TokenPlan['placements'][number]): boolean {
  if (placement.kind === 'basic') return true;
  return placement.kind === 'header' && placement.name.toLowerCase() !== 'cookie';
}

/** Names, in lower case, of the headers that carry the token. */
export function placedNames({ placements }: TokenPlan): ReadonlySet<string> {
  return new Set(
    placements.flatMap((placement) => {
      if (placement.kind === 'basic') return ['authorization'];
      return placement.kind === 'header' ? [placement.name.toLowerCase()] : [];
    }),
  );
}
