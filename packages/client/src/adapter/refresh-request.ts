/** The request that spends a refresh token, compiled. @module */
import type { FieldSource, RequestRecipe } from '../plan/request-recipe.ts';
import { type ActionSetting, actionHeaders, fieldsOf, requestRecipe } from './request-recipe.ts';

/** `requestFields` say where each of its fields goes: `header.X`, `query.Y`, else the body. */
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
