/** Guarantees of asking again with a refresh token, and of what one caller wants otherwise. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildRefreshRequest,
  type ConfigurationError,
  overridePlan,
  placeToken,
  readTokenResponse,
  Secret,
  type TokenClientError,
  type TokenPlan,
} from '../../src/index.ts';
import { answer, type Changes, failureOf, filesOf, planOf, readable } from './full-adapter.ts';

const renewAction = {
  name: 'getRefreshToken',
  protocol: 'REST',
  method: 'POST',
  entitypath: '/api/{version}/authentication/refresh',
  requestSchema: 'schemaRefreshReq.json',
  responseSchema: 'schemaRefreshResp.json',
  headers: { Accept: '*/*' },
};

/** The founding adapter with an action that renews. */
function withRenewal(refresh_token_request: object, action: object = {}, more: Changes = {}): Changes {
  const [getToken] = (JSON.parse(filesOf(more)['action.json'] ?? '') as { actions: [object] }).actions;
  return {
    ...more,
    authentication: { refresh_token_request, ...more.authentication },
    responseProperties: {
      token: { type: 'string', external_name: 'access_token' },
      refreshToken: { type: 'string', external_name: 'refresh_token' },
    },
    files: {
      'action.json': JSON.stringify({ actions: [getToken, { ...renewAction, ...action }] }),
      'schemaRefreshReq.json': JSON.stringify({
        dynamicfields: true,
        properties: { refreshToken: { type: 'string', external_name: 'refresh_token' } },
      }),
      'schemaRefreshResp.json': JSON.stringify({
        properties: { token: { external_name: 'new_token' }, refreshToken: { external_name: 'next' } },
      }),
    },
  };
}

const inBody = {
  requestFields: { grant_type: 'refresh_token' },
  refresh_token: { placement: 'body', token_timeout: 86400000 },
};
const renewalOf = ({ step }: TokenPlan) => (step.kind === 'request' ? step.renewal : null);

test('a refresh token goes out with its fields alone, and the answer is read by the action’s own schema', () => {
  const plan = planOf(withRenewal(inBody));
  const sent = readable(buildRefreshRequest(plan, null, new Secret('RT1')));
  assert.equal(sent.url, 'https://nms.example.com/api/v1/authentication/refresh');
  assert.equal(sent.body, '{"refresh_token":"RT1","grant_type":"refresh_token"}');
  const token = readTokenResponse(plan, answer('{"new_token":"t2","next":"RT2"}'), 0, 0, { by: 'refresh' });
  assert.deepEqual(
    [token.token.reveal(), token.refreshToken?.reveal(), token.expiresAtMs],
    ['t2', 'RT2', 180000],
  );
  const first = readTokenResponse(plan, answer('{"access_token":"t1","refresh_token":"RT1"}'), 0, 0);
  assert.equal(first.refreshToken?.reveal(), 'RT1');
  assert.equal(renewalOf(plan)?.refreshTokenLifetimeMs, 86400000);
});

test('fields go where their names say: header, query, body', () => {
  const plan = planOf(
    withRenewal({
      requestFields: { 'header.X-Grant': 'r', 'query.tenant': 't 1', kind: 'k' },
      refresh_token: { placement: 'query', token_timeout: 0 },
    }),
  );
  const sent = readable(buildRefreshRequest(plan, null, 'R T'));
  assert.equal(
    sent.url,
    'https://nms.example.com/api/v1/authentication/refresh?refresh_token=R%20T&tenant=t%201',
  );
  assert.deepEqual([sent.headers['x-grant'], sent.body], ['r', '{"kind":"k"}']);
  assert.equal(renewalOf(plan)?.refreshTokenLifetimeMs, null);
});

test('the action’s own server goes before the service’s when renewing', () => {
  const sso = { host: 'action.example.com', port: 8443 };
  const plan = planOf(
    withRenewal(inBody, { sso }, { authentication: { sso: { host: 'service.example.com', port: 9443 } } }),
  );
  assert.equal(new URL(buildRefreshRequest(plan, null, 'x').url).origin, 'https://action.example.com:8443');
});

test('without a time of its own a refresh token is not used, and what it needs is not asked for', () => {
  const refresh_token = { placement: 'body', token_timeout: -1 };
  for (const request of [undefined, {}, { refresh_token }]) {
    assert.equal(renewalOf(planOf({ authentication: { refresh_token_request: request } })), null);
  }
});

test('a refresh token that is to be used needs an action and a property', () => {
  const { problems } = failureOf<ConfigurationError>(() =>
    planOf({ authentication: { refresh_token_request: inBody } }),
  );
  assert.deepEqual(
    problems.map(({ pointer, reason, icode }) => [pointer, reason, icode]),
    [
      ['/authentication/refresh_token_request', 'the response schema has no property refreshToken', 'AD.300'],
      ['/authentication/refresh_token_request', 'there is no action getRefreshToken', 'AD.302'],
    ],
  );
});

test('an overridden plan places elsewhere, and the one it came from is as it was', () => {
  const plan = planOf();
  const other = overridePlan(plan, {
    protocol: 'http',
    base_path: '/b',
    authentication: { auth_field: 'url', auth_field_format: 't={token}&u={username}', username: 'ann' },
  });
  const token = readTokenResponse(plan, answer('{"access_token":"t"}'), 0, 0);
  const request = { method: 'GET', url: 'https://h/w', headers: [], body: null };
  assert.equal(placeToken(other, request, token).url, 'https://h/w?t=t&u=ann');
  assert.equal(readable(placeToken(plan, request, token)).headers.authorization, 't');
  assert.deepEqual(other.target, {
    protocol: 'http',
    host: 'nms.example.com',
    port: 80,
    basePath: '/b',
    version: 'v1',
  });
  const wrong = [
    { authentication: { auth_field: 'nowhere' } },
    { authentication: { auth_field_format: '{tokenp2}' } },
    { port: 'x' },
    { protocol: 'ftp' },
    { host: 'a/b' },
  ];
  for (const overrides of wrong) {
    assert.equal(failureOf<TokenClientError>(() => overridePlan(plan, overrides)).kind, 'request_invalid');
  }
});
