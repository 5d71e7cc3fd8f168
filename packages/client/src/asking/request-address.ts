/** Where a token request goes. @module */
import { writePairs } from '../datatypes/urlencode.ts';
import type { Members } from '../datatypes/value-path.ts';
import { originOf, renderPath, withOptions, withQuery } from '../plan/render-path.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import type { Target, TokenPlan } from '../plan/token-plan.ts';
import {
  type FieldValues,
  pathVariables,
  requestFields,
  secretText,
  type TokenCall,
} from './request-fields.ts';
import { translateFields } from './translate-fields.ts';
import { flat } from './write-body.ts';

/** @throws {TokenClientError} `request_invalid` @throws {BodyError} */
export function requestUrl(
  plan: TokenPlan,
  recipe: RequestRecipe,
  values: FieldValues,
  call: TokenCall,
  sent: Members,
): string {
  return originOf(serverOf(plan.target, recipe)) + pathOf(plan, recipe, values, call, sent);
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
