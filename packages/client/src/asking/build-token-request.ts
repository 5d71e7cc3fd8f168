/** Asks for a token, without sending anything. @module */
import { randomUUID } from 'node:crypto';
import type { Secret } from '@tessera/token';
import { writePairs } from '../datatypes/urlencode.ts';
import type { Members } from '../datatypes/value-path.ts';
import { type Base64, base64, renderFormat } from '../formats/render-format.ts';
import { assertSafeHeader } from '../placing/safe-header.ts';
import { TokenClientError } from '../plan/errors.ts';
import { type Overrides, overridePlan } from '../plan/override-plan.ts';
import { originOf, PathError, renderPath, withOptions, withQuery } from '../plan/render-path.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { RequestRecipe, Target, TokenPlan } from '../plan/token-plan.ts';
import type { Header, WireRequest } from '../plan/wire.ts';
import {
  type FieldValues,
  pathVariables,
  requestFields,
  secretText,
  type TokenCall,
  withAuthData,
} from './request-fields.ts';
import { type FieldFault, findFault, translateFields, withDefaults } from './translate-fields.ts';
import { BodyError, flat, writeBody } from './write-body.ts';

/** How values are written: as they are sent, or as a dry run shows them. */
export interface Rendering {
  /** Only what is sent is held against the schema: a mask is not of the type it stands for. */
  readonly kind: 'sent' | 'shown';
  readonly base64: Base64;
  /** Fields as they go into the body. */
  readonly fields: (fields: Members) => Members;
  readonly header: (name: string, value: string) => string;
  readonly boundary: string;
}

export interface TokenRequestCall extends TokenCall {
  readonly overrides?: Overrides | null;
}

/**
 * The request for a token.
 *
 * @param secrets the plan's own where they are not given
 * @throws {TokenClientError} `request_invalid`: the fields break the request schema or cannot be sent in this data type;
 *   `unsafe_header`
 * @see spec, sections 4 and 5
 */
export function buildTokenRequest(
  plan: TokenPlan,
  secrets: Secrets | null = null,
  call: TokenRequestCall = {},
): WireRequest {
  const effective = call.overrides ? overridePlan(plan, call.overrides) : plan;
  return buildRequest(
    effective,
    recipeOf(effective, 'request'),
    secrets,
    '',
    call,
    plainRendering(randomBoundary()),
  );
}

/**
 * The request for a token with a refresh token; its answer is read by `readTokenResponse` too.
 *
 * @throws {TokenClientError} as `buildTokenRequest`
 * @see spec, section 11
 */
export function buildRefreshRequest(
  plan: TokenPlan,
  secrets: Secrets | null,
  refreshToken: Secret | string,
  call: TokenRequestCall = {},
): WireRequest {
  const effective = call.overrides ? overridePlan(plan, call.overrides) : plan;
  const token = typeof refreshToken === 'string' ? refreshToken : refreshToken.reveal();
  return buildRequest(
    effective,
    recipeOf(effective, 'refresh'),
    secrets,
    token,
    call,
    plainRendering(randomBoundary()),
  );
}

export function randomBoundary(): string {
  return `----tessera${randomUUID().replaceAll('-', '')}`;
}

export function recipeOf(plan: TokenPlan, by: 'request' | 'refresh'): RequestRecipe {
  const { step } = plan;
  if (step.kind === 'request') {
    if (by === 'request') return step.request;
    if (step.renewal !== null) return step.renewal.request;
  }
  throw new TypeError(by === 'request' ? 'this plan asks for no token' : 'this plan has no refresh request');
}

export function plainRendering(boundary: string): Rendering {
  return { kind: 'sent', base64, fields: (fields) => fields, header: (_name, value) => value, boundary };
}

export function buildRequest(
  plan: TokenPlan,
  recipe: RequestRecipe,
  given: Secrets | null,
  refreshToken: string,
  call: TokenCall,
  rendering: Rendering,
): WireRequest {
  const secrets = given ?? inlineSecrets(plan);
  const values = { parameters: plan.parameters, secrets, refreshToken };
  const fields = withAuthData(requestFields(recipe.sources, recipe.authData, values), call);
  const own = withDefaults(recipe.fields, fields);
  const isChecked = rendering.kind === 'sent' && recipe.body.kind !== 'none';
  const fault = isChecked ? findFault(recipe.fields, own) : null;
  if (fault !== null) throw invalid(faultText(fault));
  const sent = rendering.fields(translateFields(recipe.fields, own, rendering.base64));
  delete sent.ph_request_type;
  try {
    const text = writeBody(recipe.body, { ...rendering, sent, own: rendering.fields(own) });
    const body = text === null ? null : new TextEncoder().encode(text);
    return {
      method: recipe.method,
      url: originOf(serverOf(plan.target, recipe)) + pathOf(plan, recipe, values, call, sent),
      headers: [...headersOf(recipe, secrets, rendering), ...lengthHeader(recipe.method, body)],
      body,
    };
  } catch (error) {
    if (error instanceof BodyError || error instanceof PathError) throw invalid(error.message);
    throw error;
  }
}

/** The credentials that are in the configuration itself; those in vaults are empty. */
export function inlineSecrets(plan: TokenPlan): Secrets {
  return Object.fromEntries(
    Object.entries(plan.secrets).map(([name, source]) => [
      name,
      source?.kind === 'value' ? source.value : null,
    ]),
  );
}

export function serverOf(target: Target, { server }: RequestRecipe): Target {
  return {
    ...target,
    protocol: server.protocol ?? target.protocol,
    host: server.host ?? target.host,
    port: server.port ?? target.port,
  };
}

function pathOf(
  plan: TokenPlan,
  recipe: RequestRecipe,
  values: FieldValues,
  call: TokenCall,
  sent: Members,
): string {
  const path = renderPath(recipe.path, {
    target: plan.target,
    username: secretText(values.secrets, 'username'),
    password: secretText(values.secrets, 'password'),
    pathVariables: pathVariables(call),
  });
  const addressed = withQuery(withOptions(path, recipe.uriOptions), queryPairs(recipe, values));
  if (recipe.body.kind !== 'query') return addressed;
  return withQuery(addressed, writePairs(flat(sent), recipe.body.pairs));
}

function queryPairs(recipe: RequestRecipe, values: FieldValues): string {
  if (recipe.queryFields === null) return '';
  const fields = requestFields(recipe.queryFields.sources, recipe.queryFields.values, values);
  return writePairs(flat(translateFields(recipe.fields, fields)));
}

function headersOf(recipe: RequestRecipe, secrets: Secrets, rendering: Rendering): Header[] {
  return recipe.headers.map(({ name, value }) => {
    const text = renderFormat(value, (variable) => secretText(secrets, variable), rendering.base64);
    assertSafeHeader(name, text, 'token');
    const isForm = recipe.body.kind === 'form' && /^multipart\/form-data\s*;?\s*$/i.test(text);
    const typed = isForm ? `multipart/form-data; boundary=${rendering.boundary}` : text;
    return [name, rendering.header(name, typed)];
  });
}

function lengthHeader(method: string, body: Uint8Array | null): Header[] {
  if (body === null && (method === 'GET' || method === 'HEAD')) return [];
  return [['Content-Length', String(body?.length ?? 0)]];
}

function faultText({ file, pointer, reason }: FieldFault): string {
  return `${file}#${pointer} ${reason}`;
}

function invalid(reason: string): TokenClientError {
  return new TokenClientError('request_invalid', 'token', `The token request cannot be built: ${reason}.`, {
    cure: 'Change the request schema, or give the field in authData.',
  });
}
