/** Requests as a dry run shows them: exact, with every secret masked while they are built. @module */
import { randomBytes } from 'node:crypto';
import { Secret } from '@tessera/token';
import { buildRequest } from '../asking/build-request.ts';
import { recipeOf } from '../asking/build-token-request.ts';
import { plainRendering, type Rendering, randomBoundary } from '../asking/rendering.ts';
import { serverOf } from '../asking/request-address.ts';
import type { TokenCall } from '../asking/request-fields.ts';
import { emptyMembers, isMembers, type Members } from '../datatypes/value-path.ts';
import { base64 } from '../formats/render-format.ts';
import { placeWith } from '../placing/place-token.ts';
import { inlineSecrets } from '../plan/inline-secrets.ts';
import { originOf, renderPath, withOptions } from '../plan/render-path.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import type { SecretName, Secrets } from '../plan/secrets.ts';
import type { Token } from '../plan/token.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import { type Header, headerValue, type WireRequest } from '../plan/wire.ts';
import { mask, maskText, maskUrl } from './mask-text.ts';
import { isSensitiveName } from './sensitive-names.ts';

/** A request without its secrets. */
export interface DescribedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  /** Null: no body. */
  readonly body: string | null;
}

/** Stands for a secret while a request is built. No encoding changes it but base64, which lets it through. */
const standIn: string = `M${randomBytes(16).toString('hex')}`;
/** Shown unless they come from a vault: they say who, not how to become it. */
const publicNames: ReadonlySet<SecretName> = new Set(['username', 'client_id']);

/**
 * The token request that would be sent. Its `Content-Length` is the true one.
 *
 * @throws {TokenClientError} as `buildTokenRequest`
 * @see spec, K2
 */
export function describeTokenRequest(
  plan: TokenPlan,
  given: Secrets | null = null,
  call: TokenCall = {},
): DescribedRequest {
  const secrets = given ?? inlineSecrets(plan);
  const recipe = recipeOf(plan, 'request');
  const boundary = randomBoundary();
  const sent = buildRequest(plan, recipe, secrets, '', call, plainRendering(boundary));
  const shown = buildRequest(plan, recipe, standIns(plan, secrets), '', call, masking(plan, boundary));
  const length = headerValue(sent.headers, 'content-length');
  const headers = shown.headers.map(
    ([name, value]): Header =>
      name === 'Content-Length' && length !== null ? [name, length] : [name, value],
  );
  return revealed(plan, { ...shown, headers });
}

/** A call with a token that would be fetched, masked; what the caller put in is masked by its names. */
export function describeCall(plan: TokenPlan, given: Secrets | null, request: WireRequest): DescribedRequest {
  const secrets = standIns(plan, given ?? inlineSecrets(plan));
  const token: Token = {
    token: new Secret(standIn),
    tokenp2: new Secret(standIn),
    refreshToken: null,
    expiresAtMs: null,
    asReceived: null,
  };
  const headers = request.headers.map(([name, value]): Header => [name, maskedHeader(plan, name, value)]);
  const body = request.body === null ? null : new TextDecoder().decode(request.body);
  const masked = body === null ? null : new TextEncoder().encode(maskText(body, [], plan.sensitive));
  return revealed(
    plan,
    placeWith(plan, { ...request, headers, body: masked }, token, secrets, base64OrStandIn),
  );
}

/** Method, URL, headers and body, as on the wire. */
export function requestText({ method, url, headers, body }: DescribedRequest): string {
  const lines = [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return body === null ? lines.join('\n') : `${lines.join('\n')}\n\n${body}`;
}

/** Where a token is asked for, for messages: credentials in the path and all values in the query are masked. */
export function maskedTokenUrl(plan: TokenPlan, recipe: RequestRecipe): string {
  const values = { target: plan.target, username: standIn, password: standIn, pathVariables: [] };
  const path = withOptions(renderPath(recipe.path, values), recipe.uriOptions);
  return maskUrl(originOf(serverOf(plan.target, recipe)) + path, [standIn]);
}

function standIns(plan: TokenPlan, secrets: Secrets): Secrets {
  return Object.fromEntries(
    (Object.keys(plan.secrets) as SecretName[]).map((name) => {
      const value = secrets[name] ?? '';
      const isShown = publicNames.has(name) && plan.secrets[name]?.kind === 'value';
      const isEmpty = (value instanceof Secret ? value.reveal() : value) === '';
      return [name, isShown || isEmpty ? value : standIn];
    }),
  );
}

function masking(plan: TokenPlan, boundary: string): Rendering {
  return {
    kind: 'shown',
    base64: base64OrStandIn,
    fields: (fields) => withStandIns(fields, plan.sensitive) as Members,
    header: (name, value) => maskedHeader(plan, name, value),
    boundary,
  };
}

function base64OrStandIn(text: string): string {
  return text.includes(standIn) ? standIn : base64(text);
}

function maskedHeader({ sensitive }: TokenPlan, name: string, value: string): string {
  return !isSensitiveName(name, sensitive) || value.includes(standIn) ? value : standIn;
}

function withStandIns(value: unknown, sensitive: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => withStandIns(one, sensitive));
  if (!isMembers(value)) return value;
  const shown = emptyMembers();
  for (const [name, one] of Object.entries(value)) {
    shown[name] = isSensitiveName(name, sensitive) ? standIn : withStandIns(one, sensitive);
  }
  return shown;
}

function revealed(plan: TokenPlan, request: WireRequest): DescribedRequest {
  const show = (text: string): string => text.replaceAll(standIn, mask);
  return {
    method: request.method,
    url: show(maskedPairs(request.url, plan.sensitive)),
    headers: request.headers.map(([name, value]): Header => [name, show(value)]),
    body: request.body === null ? null : show(new TextDecoder().decode(request.body)),
  };
}

function maskedPairs(url: string, sensitive: readonly string[]): string {
  return url.replace(/([?&])([^=&#]+)=([^&#]*)/g, (all, mark, name) =>
    isSensitiveName(name, sensitive) ? `${mark}${name}=${mask}` : all,
  );
}
