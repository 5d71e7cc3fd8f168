/** What requests for a token and with a refresh token have in common. @module */
import type { FieldsRecipe } from '../plan/fields-recipe.ts';
import type { BodyRecipe, FieldSource, RequestRecipe } from '../plan/request-recipe.ts';
import { readMethodOf } from './action-head.ts';
import type { ReadOptions } from './adapter-options.ts';
import { readBody } from './body-recipe.ts';
import type { ConfigNode } from './config-node.ts';
import { acceptedType, answerDatatype, contentType, requestDatatype } from './data-types.ts';
import { type ExternalNames, readRequestSchema } from './request-schema.ts';
import { actionTimeoutMs } from './service.ts';
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

export interface RequestParts {
  readonly headers: TokenHeaders;
  readonly sources: readonly FieldSource[];
  readonly authData: Readonly<Record<string, unknown>>;
  readonly fields: FieldsRecipe;
  readonly present: ReadonlySet<string>;
  readonly kind: 'token' | 'refresh';
}

const emptyFields: FieldsRecipe = { translation: 'by-schema', undeclared: 'dropped', properties: [] };

export function requestRecipe(setting: ActionSetting, parts: RequestParts): RequestRecipe {
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

export function fieldsOf({ requestSchema, properties }: ActionSetting): FieldsRecipe {
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

export function actionHeaders({ properties, action }: ActionSetting): TokenHeaders {
  const authentication = properties.at('authentication');
  const layers = [action.at('headers'), properties.at('request').at('global_request').at('addlHeaders')];
  return readHeaders(layers, {
    'Content-Type': contentType(requestDatatype(action, authentication.at('auth_request_datatype'))),
    Accept: acceptedType(answerDatatype(action, authentication.at('auth_response_datatype'))),
  });
}
