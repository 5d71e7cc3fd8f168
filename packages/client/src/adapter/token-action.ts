/** The action that fetches a token, compiled. @module */
import type {
  AnswerRecipe,
  BodyRecipe,
  FieldSource,
  FieldsRecipe,
  RequestRecipe,
} from '../plan/token-plan.ts';
import type { ReadOptions } from './adapter-options.ts';
import { readBody } from './body-recipe.ts';
import type { ConfigNode } from './config-node.ts';
import { acceptedType, answerDatatype, contentType, requestDatatype } from './data-types.ts';
import { type ExternalNames, readRequestSchema } from './request-schema.ts';
import { answerRoot, readResponseSchema, unreadPieces } from './response-schema.ts';
import { actionTimeoutMs, redirects } from './service.ts';
import { readHeaders, type TokenHeaders } from './token-headers.ts';
import { readTokenPath } from './token-path.ts';
import { readServer } from './token-server.ts';

/** What the service configuration contributes to an action. */
export interface ActionSetting {
  readonly properties: ConfigNode;
  readonly action: ConfigNode;
  readonly requestSchema: ConfigNode | null;
  readonly responseSchema: ConfigNode | null;
  readonly options: ReadOptions;
  /** Names of credentials and parameters that are set. */
  readonly set: ReadonlySet<string>;
}

export interface CompiledRequest {
  readonly recipe: RequestRecipe;
  /** Credentials without which the request cannot be made. */
  readonly needs: ReadonlySet<string>;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
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
const emptyFields: FieldsRecipe = { translation: 'by-schema', undeclared: 'dropped', properties: [] };

export function readMethodOf(action: ConfigNode): string {
  const node = action.at('method');
  node.demand('write POST or GET');
  const method = node.text('POST').toUpperCase();
  if (!methods.includes(method)) {
    node.error({
      reason: `${JSON.stringify(node.value)} is no method`,
      cure: `use ${methods.join(', ')}`,
      icode: 'AD.302',
    });
  }
  return method;
}

export function checkProtocol(action: ConfigNode): void {
  const node = action.at('protocol');
  if (node.isAbsent || String(node.value).toUpperCase() === 'REST') return;
  node.error({
    reason: `${JSON.stringify(node.value)} is no protocol of actions`,
    cure: 'write REST',
    icode: 'AD.303',
  });
}

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

/** The recipe of a request that spends a refresh token; `requestFields` say where each of its fields goes. */
export function compileRefreshRequest(setting: ActionSetting): RequestRecipe {
  const { properties } = setting;
  const refresh = properties.at('authentication').at('refresh_token_request');
  const fields = refresh.at('requestFields').members();
  const placed = (prefix: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => name.startsWith(`${prefix}.`))
        .map(([name, value]) => [name.slice(prefix.length + 1), value]),
    );
  const body = Object.fromEntries(
    Object.entries(fields).filter(([name]) => !/^(?:header|query)\./.test(name)),
  );
  const source: FieldSource = { field: 'refreshToken', from: 'refresh_token' };
  const inQuery = refresh.at('refresh_token').at('placement').choice(['body', 'query'], 'body') === 'query';
  const base = actionHeaders(setting);
  const added = Object.entries(placed('header')).map(([name, text]) => ({
    name,
    value: [{ kind: 'text' as const, text: String(text) }],
  }));
  const overridden = new Set(added.map(({ name }) => name.toLowerCase()));
  const headers = [...base.headers.filter(({ name }) => !overridden.has(name.toLowerCase())), ...added];
  const recipe = requestRecipe(setting, {
    headers: { headers, variables: base.variables },
    sources: inQuery ? [] : [source],
    authData: body,
    fields: fieldsOf(setting),
    present: new Set([...(inQuery ? [] : ['refreshToken']), ...Object.keys(body)]),
    kind: 'refresh',
  });
  return { ...recipe, queryFields: { sources: inQuery ? [source] : [], values: placed('query') } };
}

interface RequestParts {
  readonly headers: TokenHeaders;
  readonly sources: readonly FieldSource[];
  readonly authData: Readonly<Record<string, unknown>>;
  readonly fields: FieldsRecipe;
  readonly present: ReadonlySet<string>;
  readonly kind: 'token' | 'refresh';
}

function requestRecipe(setting: ActionSetting, parts: RequestParts): RequestRecipe {
  const { properties, action } = setting;
  const authentication = properties.at('authentication');
  const method = readMethodOf(action);
  const pathOverride = authentication.at(
    parts.kind === 'token' ? 'token_URI_path' : 'refresh_token_URI_path',
  );
  return {
    method,
    server: readServer(
      authentication.at('sso'),
      action.at('sso'),
      parts.kind,
      String(properties.at('host').value),
    ),
    path: readTokenPath(action, pathOverride, properties.at('choosepath').text()),
    uriOptions: properties.at('request').at('global_request').at('uriOptions').members(),
    headers: parts.headers.headers,
    sources: parts.sources,
    authData: parts.authData,
    queryFields: null,
    fields: parts.fields,
    body: bodyOf(setting, method, parts),
    timeoutMs: actionTimeoutMs(action, properties),
  };
}

function bodyOf(setting: ActionSetting, method: string, { fields, present }: RequestParts): BodyRecipe {
  const { properties, action, options } = setting;
  const authentication = properties.at('authentication');
  const encodes = authentication.at('authQueryEncode').flag(properties.at('encode_queryvars').flag(true));
  return readBody({
    datatype: requestDatatype(action, authentication.at('auth_request_datatype')),
    method,
    sendEmpty: action.at('sendEmpty').flag(false),
    pairs: encodes ? 'encoded' : 'raw',
    fields,
    present,
    schema: setting.requestSchema ?? action.at('requestSchema'),
    action,
    options,
  });
}

export function compileAnswer(setting: ActionSetting, tokenp2Use: AnswerRecipe['tokenp2Use']): AnswerRecipe {
  const { properties, action, responseSchema, options } = setting;
  const authentication = properties.at('authentication');
  const name = authentication.at('token_result_field').text();
  const place = {
    name: name === 'token' ? '' : name,
    placement: authentication.at('token_response_placement'),
  };
  const pieces = responseSchema === null ? unreadPieces(action) : readResponseSchema(responseSchema, place);
  return {
    ...pieces,
    datatype: answerDatatype(action, authentication.at('auth_response_datatype')),
    root: answerRoot(action),
    tokenp2Use,
    cookieStyle: options.cookieStyle,
    redirects: redirects(properties) === 0 ? 'read' : 'refused',
    tokenType: null,
  };
}

function fieldsOf({ requestSchema, properties }: ActionSetting): FieldsRecipe {
  if (requestSchema === null) return emptyFields;
  const authentication = properties.at('authentication');
  const names: Record<string, string> = {};
  for (const [name, property] of [
    ['username', 'token_user_field'],
    ['password', 'token_password_field'],
  ] as const) {
    const text = authentication.at(property).text();
    if (text !== '' && text !== name) names[name] = text;
  }
  return readRequestSchema(requestSchema, names as ExternalNames);
}

function actionHeaders({ properties, action }: ActionSetting): TokenHeaders {
  const authentication = properties.at('authentication');
  const layers = [action.at('headers'), properties.at('request').at('global_request').at('addlHeaders')];
  return readHeaders(layers, {
    'Content-Type': contentType(requestDatatype(action, authentication.at('auth_request_datatype'))),
    Accept: acceptedType(answerDatatype(action, authentication.at('auth_response_datatype'))),
  });
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
