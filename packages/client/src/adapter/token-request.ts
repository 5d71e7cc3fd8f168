/** The request for a token, compiled. @module */
import type { FieldSource, RequestRecipe } from '../plan/request-recipe.ts';
import { type ActionSetting, actionHeaders, fieldsOf, requestRecipe } from './request-recipe.ts';
import type { TokenHeaders } from './token-headers.ts';

export interface CompiledRequest {
  readonly recipe: RequestRecipe;
  /** Credentials without which the request cannot be made. */
  readonly needs: ReadonlySet<string>;
}

/** In the order of the original. */
const credentialFields = [
  'username',
  'password',
  'client_id',
  'client_secret',
  'scope',
  'resource',
  'grant_type',
];

export function compileTokenRequest(setting: ActionSetting): CompiledRequest {
  const { properties, action } = setting;
  const authentication = properties.at('authentication');
  const headers = actionHeaders(setting);
  const globals = properties.at('request').at('global_request');
  const authData = globals.at('authData').members();
  const hasAuthorization = Object.keys(action.at('headers').members()).some(isAuthorization);
  const addsCredentials = authentication.at('addCreds').flag(true) && !hasAuthorization;
  const sources = credentialFields
    .filter((field) => addsCredentials || (field !== 'username' && field !== 'password'))
    .map((field): FieldSource => ({ field, from: field }));
  const fields = fieldsOf(setting);
  const present = new Set([
    ...sources.map(({ field }) => field).filter((field) => setting.set.has(field)),
    ...Object.keys(authData),
  ]);
  const recipe = requestRecipe(setting, { headers, sources, authData, fields, present, kind: 'token' });
  return { recipe, needs: neededCredentials(recipe, headers, setting.set) };
}

function isAuthorization(name: string): boolean {
  return name.toLowerCase() === 'authorization';
}

/** What the body, the path and the headers take from the credentials; a client id may stand for both of a user. */
function neededCredentials(
  recipe: RequestRecipe,
  headers: TokenHeaders,
  set: ReadonlySet<string>,
): ReadonlySet<string> {
  const needs = new Set(headers.variables);
  for (const { kind } of recipe.path) if (kind === 'username' || kind === 'password') needs.add(kind);
  const standsForUser = set.has('client_id') && !set.has('username') && !set.has('password');
  if (recipe.body.kind === 'none' || standsForUser) return needs;
  const sent = recipe.sources.map(({ field }) => field);
  for (const name of ['username', 'password'].filter((one) => sent.includes(one))) {
    const property = recipe.fields.properties.find((one) => one.name === name);
    const isDeclared = property !== undefined && property.path !== null && property.fallback === undefined;
    const isGiven = Object.hasOwn(recipe.authData, name);
    if ((isDeclared || recipe.fields.translation === 'none') && !isGiven) needs.add(name);
  }
  return needs;
}
