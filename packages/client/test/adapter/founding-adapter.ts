/** What the adapter of the founding description says of its tokens: its action `getToken`, and the service's `authentication`. @module */

type Members = Readonly<Record<string, unknown>>;

export const username = 'systemuser';
export const password = 'systempassword';

export const mockFile = 'mockdatafiles/gettoken.json';

export const getToken: Members = {
  name: 'getToken',
  protocol: 'REST',
  method: 'POST',
  entitypath: '/api/{version}/authentication/signin',
  requestSchema: 'schemaTokenReq.json',
  responseSchema: 'schemaTokenResp.json',
  timeout: 0,
  sendEmpty: false,
  requestDatatype: 'JSON',
  responseDatatype: 'JSON',
  headers: { Accept: '*/*' },
  sso: { protocol: '', host: '', port: 0 },
  responseObjects: [{ type: 'default', key: '', mockFile }],
};

export const authentication: Members = {
  auth_method: 'request_token',
  username,
  password,
  token_timeout: 180000,
  token_cache: 'local',
  invalid_token_error: 401,
  auth_field: 'header.headers.Authorization',
  auth_field_format: '{token}',
};
