/** The adapter that Tessera and the original library are both given. @module */
import { writeOriginalHome } from '../original/original-home.ts';

/** Writes a folder that both can read. */
export function writeAdapterHome(home: string): void {
  const schema = (properties: object): string =>
    JSON.stringify({ $id: 's', type: 'object', translate: true, dynamicfields: true, properties });
  const internal = {
    type: 'string',
    default: 'getToken',
    enum: ['getToken'],
    external_name: 'ph_request_type',
  };
  const action = {
    name: 'getToken',
    protocol: 'REST',
    method: 'POST',
    entitypath: '/login',
    requestSchema: 'request.json',
    responseSchema: 'response.json',
    timeout: 0,
    sendEmpty: false,
    requestDatatype: 'JSON',
    responseDatatype: 'JSON',
    headers: {},
    responseObjects: [{ type: 'default', key: '', mockFile: '' }],
  };
  writeOriginalHome(home, {
    'action.json': JSON.stringify({ actions: [action] }),
    'request.json': schema({
      ph_request_type: internal,
      username: { type: 'string', external_name: 'user' },
      password: { type: 'string', external_name: 'passwd' },
    }),
    'response.json': schema({
      ph_request_type: internal,
      token: { type: 'string', placement: 'BODY', external_name: 'access_token' },
    }),
  });
}

export const tokenTimeoutsMs = { hour: 3_600_000, minute: 60_000 } as const;

export function propertiesFor(port: number, tokenTimeoutMs: number): object {
  return {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    base_path: '/',
    version: 'v1',
    stub: false,
    authentication: {
      auth_method: 'request_token',
      username: 'user',
      password: 'password',
      token_timeout: tokenTimeoutMs,
      token_cache: 'local',
      invalid_token_error: 401,
      auth_field: 'header.headers.Authorization',
      auth_field_format: 'Bearer {token}',
    },
    request: { attempt_timeout: 5000, number_redirects: 0, number_retries: 0, limit_retry_error: 0 },
  };
}
