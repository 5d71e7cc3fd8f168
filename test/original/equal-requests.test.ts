/** The original library and Tessera send equal requests wherever the specification says equal. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recorded } from './recording-server.ts';
import { call, loginAnswer, openSides, post, type Scenario, signIn } from './sides.ts';

const sides = openSides();

/** What must be equal: how a value was framed and that a GET says no type for a body it has not, are known differences. */
function comparable(requests: readonly Recorded[]): object[] {
  return requests.map(({ method, url, headers, body }) => {
    const { 'content-type': type, 'content-length': length, 'transfer-encoding': _, ...rest } = headers;
    const isCall = !url.startsWith(signIn) && !url.includes('/login');
    const typed = isCall && body === '' ? {} : { type, length };
    return { method, url, headers: { ...rest, ...typed }, body };
  });
}

const equal: Readonly<Record<string, Scenario>> = {
  'the founding example': { calls: [call, post, { ...call, method: 'DELETE' }] },
  'a format': {
    changes: {
      authentication: { auth_field: 'header.headers.X-AUTH-TOKEN', auth_field_format: 'Bearer {token}' },
    },
  },
  'the usual field and format': {
    changes: { authentication: { auth_field: undefined, auth_field_format: undefined } },
  },
  'base64 in a format': {
    changes: { authentication: { auth_field_format: 'Basic {b64}{username}:{token}{/b64}' } },
  },
  'header.auth': {
    changes: { authentication: { auth_field: 'header.auth', auth_field_format: '{username}:{token}' } },
  },
  'several fields': {
    changes: {
      authentication: {
        auth_field: ['header.headers.X-A', 'header.headers.X-B', 'header.headers.X-C'],
        auth_field_format: ['a {token}', 'b {token}'],
      },
    },
  },
  'in the query': {
    changes: { authentication: { auth_field: 'url', auth_field_format: 'token={token}' } },
    calls: [call, { ...call, query: {} }],
  },
  'in the path': {
    changes: { authentication: { auth_field: 'urlpath' } },
    calls: [call, { ...call, query: {} }],
  },
  'in the body': { changes: { authentication: { auth_field: 'body.session' } }, calls: [post] },
  URLENCODE: {
    changes: {
      authentication: { username: 'ann lee&x', password: "p@ss w+rd/é!'()*" },
      action: { requestDatatype: 'URLENCODE', headers: {} },
    },
  },
  URLQUERY: {
    changes: {
      authentication: { username: 'ann lee&x', password: 'p@ss w+rd/é' },
      action: { requestDatatype: 'URLQUERY', headers: {} },
    },
  },
  'raw URLQUERY': {
    changes: {
      authentication: { password: 'a/b+c', authQueryEncode: false },
      action: { requestDatatype: 'URLQUERY' },
    },
  },
  'JSON with other languages': { changes: { authentication: { password: 'пароль "q" \\ 😀' } } },
  'further credentials': {
    changes: {
      authentication: {
        client_id: 'id',
        client_secret: 'cs',
        scope: 's',
        resource: 'r',
        grant_type: 'password',
      },
    },
  },
  'dropped, static, base64 and nested fields': {
    changes: {
      requestSchema: { dynamicfields: false },
      authentication: { client_id: 'dropped' },
      requestProperties: {
        username: { type: 'string', external_name: 'auth.user.name' },
        password: { type: 'string', external_name: 'auth.user.pass\\.word', encode: true },
        domain: { type: 'string', default: 'Default', external_name: 'auth.domain' },
        zero: { type: 'integer', default: 0, external_name: 'zero' },
        off: { type: 'boolean', default: false },
        list: { type: 'string', default: 'l', external_name: 'items[1].k' },
        hidden: { type: 'string', default: 'h', external_name: '' },
      },
    },
  },
  'no translation': {
    changes: { requestSchema: { translate: false }, requestProperties: { username: {}, password: {} } },
  },
  'an Authorization header': {
    changes: {
      authentication: { client_id: 'id' },
      action: { headers: { Authorization: 'Basic {b64}{username}:{password}{/b64}' } },
    },
  },
  'without credentials': { changes: { authentication: { addCreds: false, client_id: 'id' } } },
  'data of the service': {
    changes: {
      service: {
        request: {
          global_request: {
            authData: { tenant: 't' },
            addlHeaders: { 'X-All': 'yes' },
            uriOptions: { o: '1' },
          },
        },
      },
    },
  },
  'a GET': { changes: { action: { method: 'GET', headers: {} } } },
  'base path and version': {
    changes: {
      service: { base_path: 'base', version: 'v 2' },
      action: { entitypath: '/{base_path}/{version}/login' },
    },
    answer: loginAnswer,
  },
  'neither base path nor version': {
    changes: {
      service: { base_path: '', version: '' },
      action: { entitypath: '/{base_path}/{version}/login' },
    },
    answer: loginAnswer,
  },
  'names from the service configuration': {
    changes: {
      authentication: {
        token_user_field: 'login',
        token_password_field: 'pw',
        token_result_field: 'jwt',
        token_URI_path: '/other/login',
      },
    },
    answer: (request) => (request.url.endsWith('/login') ? { body: '{"jwt":"tok-1"}' } : {}),
  },
  'a removed header': {
    changes: { action: { headers: { Accept: '', 'Content-Type': 'application/x-own' } } },
  },
  'a token in a header': {
    changes: {
      responseProperties: {
        token: { type: 'string', placement: 'HEADER', external_name: 'X-Subject-Token' },
      },
    },
    answer: (request) => (request.url === signIn ? { headers: { 'x-subject-token': 'from-header' } } : {}),
  },
  'a cookie’s value in another header': {
    changes: {
      authentication: { auth_field: 'header.headers.X-Sid' },
      responseProperties: { token: { type: 'string', placement: 'HEADER', external_name: 'set-cookie.SID' } },
    },
    answer: (request) =>
      request.url === signIn ? { headers: { 'set-cookie': ['a=1', 'sid=a%20b; Path=/'] } } : {},
  },
  'a PLAIN answer': {
    changes: { action: { responseDatatype: 'PLAIN', headers: {} } },
    answer: plainAnswer('tok-plain'),
  },
  'an XML answer, cut': {
    changes: {
      action: { responseDatatype: 'XML', headers: {} },
      responseProperties: { token: { type: 'string', placement: 'BODY', front: '<t>', end: '</t>' } },
      authentication: { token_timeout: -1 },
    },
    answer: plainAnswer('<r><t>tok-xml</t></r>'),
  },
  'an XML2JSON answer': {
    changes: {
      action: { responseDatatype: 'XML2JSON', headers: {} },
      responseProperties: {
        token: { type: 'string', placement: 'BODY', external_name: 'response.auth.token' },
      },
    },
    answer: plainAnswer('<response><auth><token>tok-x&amp;y</token></auth></response>'),
  },
  'a URLENCODE answer': {
    changes: { action: { responseDatatype: 'URLENCODE', headers: {} } },
    answer: plainAnswer('access_token=a%20b&x=1'),
  },
  'the key of an answer, and an array': {
    changes: { action: { responseObjects: [{ type: 'default', key: 'data.items', mockFile: '' }] } },
    answer: plainAnswer('{"data":{"items":[{"access_token":"first"},{"access_token":"second"}]}}'),
  },
  'a token for every call': { changes: { authentication: { token_timeout: -1 } }, calls: [call, call, call] },
  'a token kept for long': {
    changes: { authentication: { token_timeout: 3600000 } },
    calls: [call, call, post],
  },
  'a refused token, and the next one': {
    answer: (request, earlier) => {
      if (request.url === signIn) return { body: `{"access_token":"tok-${earlier + 1}"}` };
      return request.headers.authorization === 'tok-1' ? { status: 401 } : {};
    },
  },
  'a static token': {
    changes: {
      authentication: { auth_method: 'static_token', token: 'st', auth_field_format: 'Token {token}' },
    },
  },
  'user and password in every call': {
    changes: {
      authentication: {
        auth_method: 'basic user_password',
        auth_field: 'header.headers.Authorization',
        auth_field_format: 'Basic {b64}{username}:{password}{/b64}',
      },
    },
  },
  'no authentication': { changes: { authentication: { auth_method: 'no_authentication' } } },
};

function plainAnswer(body: string): NonNullable<Scenario['answer']> {
  return (request) => (request.url === signIn ? { body } : null);
}

for (const [name, scenario] of Object.entries(equal)) {
  test(`equal requests: ${name}`, async (t) => {
    const { theirs, ours } = await sides(t, scenario);
    assert.ok(theirs.requests.length > 0, 'the original sent nothing');
    assert.deepEqual(comparable(ours.requests), comparable(theirs.requests));
    assert.ok(
      ours.outcomes.every((outcome) => outcome === 'AD.200'),
      String(ours.outcomes),
    );
  });
}
