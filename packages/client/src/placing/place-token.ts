/** Puts a token into a call. @module */

import { secretText } from '../asking/request-fields.ts';
import { type Base64, base64, renderFormat } from '../formats/render-format.ts';
import { inlineSecrets } from '../plan/inline-secrets.ts';
import type { Placement } from '../plan/placement.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { Token } from '../plan/token.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { WireRequest } from '../plan/wire.ts';
import { placeInBody } from './place-in-body.ts';
import { setHeader } from './place-in-header.ts';
import { placeInPath, placeInQuery } from './place-in-url.ts';

/**
 * A new request with the token in it; the one given is not changed.
 *
 * @param secrets those the token was fetched with, for formats that name `{username}` or `{password}`; the plan's own
 *   where they are not given
 * @throws {TokenClientError} `unsafe_header`, `placement_failed`
 * @see spec, section 7
 */
export function placeToken(
  plan: TokenPlan,
  request: WireRequest,
  token: Token,
  secrets: Secrets | null = null,
): WireRequest {
  return placeWith(plan, request, token, secrets, base64);
}

export function placeWith(
  plan: TokenPlan,
  request: WireRequest,
  token: Token,
  secrets: Secrets | null,
  encode: Base64,
): WireRequest {
  let placed = request;
  for (const placement of plan.placements) {
    const raw = placement.kind === 'header' && placement.name.toLowerCase() === 'cookie';
    const text = renderFormat(
      placement.format,
      (name) => tokenText(name, token, raw) ?? secretText(secrets ?? inlineSecrets(plan), name),
      encode,
    );
    placed = placeText(plan, placed, placement, text, encode);
  }
  return placed;
}

/** Null: the variable is no piece of the token. */
function tokenText(name: string, token: Token, raw: boolean): string | null {
  if (name === 'token') return ((raw ? token.asReceived?.token : null) ?? token.token).reveal();
  if (name === 'tokenp2') return ((raw ? token.asReceived?.tokenp2 : null) ?? token.tokenp2)?.reveal() ?? '';
  return null;
}

function placeText(
  plan: TokenPlan,
  request: WireRequest,
  placement: Placement,
  text: string,
  encode: Base64,
): WireRequest {
  switch (placement.kind) {
    case 'header':
      return { ...request, headers: setHeader(request.headers, placement.name, text) };
    case 'basic':
      return { ...request, headers: setHeader(request.headers, 'Authorization', `Basic ${encode(text)}`) };
    case 'query':
      return { ...request, url: placeInQuery(request.url, text) };
    case 'path':
      return { ...request, url: placeInPath(request.url, text) };
    case 'body':
      return placeInBody(plan.bodyOnGet, request, placement.path, text);
  }
}
