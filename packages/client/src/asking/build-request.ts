/** A token request, written from its recipe. @module */
import { renderFormat } from '../formats/render-format.ts';
import { assertSafeHeader } from '../placing/safe-header.ts';
import { TokenClientError } from '../plan/errors.ts';
import { inlineSecrets } from '../plan/inline-secrets.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { Header, WireRequest } from '../plan/wire.ts';
import type { Rendering } from './rendering.ts';
import { requestUrl } from './request-address.ts';
import { requestFields, secretText, type TokenCall, withAuthData } from './request-fields.ts';
import { type FieldFault, findFault, translateFields, withDefaults } from './translate-fields.ts';
import { BodyError, writeBody } from './write-body.ts';

/** @throws {TokenClientError} `request_invalid`, `unsafe_header` */
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
      url: requestUrl(plan, recipe, values, call, sent),
      headers: [...headersOf(recipe, secrets, rendering), ...lengthHeader(recipe.method, body)],
      body,
    };
  } catch (error) {
    if (error instanceof BodyError) throw invalid(error.message);
    throw error;
  }
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
