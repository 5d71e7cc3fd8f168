/** Guarantees of the request for a token: every byte that goes out. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTokenRequest, Secret, type TokenClientError } from '../../src/index.ts';
import { type Changes, failureOf, planOf, tokenRequest } from './full-adapter.ts';

const credentials = { username: 'ann lee&x', password: "p@ss w+rd/é!'()*" };
const properties = (names: Record<string, object>): Changes => ({ requestProperties: names });

test('the founding example goes out byte for byte', () => {
  assert.deepEqual(tokenRequest(), {
    method: 'POST',
    url: 'https://nms.example.com/api/v1/authentication/signin',
    headers: { accept: '*/*', 'content-type': 'application/json', 'content-length': '47' },
    body: '{"user":"systemuser","passwd":"systempassword"}',
  });
});

test('every data type writes the same fields as its row says', () => {
  const type = (requestDatatype: string, more: Changes = {}) =>
    tokenRequest({ ...more, action: { requestDatatype, headers: {} } });
  const pairs = 'user=systemuser&passwd=systempassword';

  assert.equal(type('').body, '{"user":"systemuser","passwd":"systempassword"}');
  const form = type('urlencode');
  assert.equal(form.body, pairs);
  assert.equal(form.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(form.headers['content-length'], '37');
  const query = type('URLQUERY');
  assert.equal(query.url, `https://nms.example.com/api/v1/authentication/signin?${pairs}`);
  assert.deepEqual(
    [query.body, query.headers['content-length'], query.headers['content-type']],
    [null, '0', 'application/json'],
  );
  const xml = '<user>systemuser</user><passwd>systempassword</passwd>';
  for (const name of ['XML', 'JSON2XML']) {
    assert.equal(type(name).body, xml);
    assert.equal(type(name).headers['content-type'], 'application/xml');
  }
  assert.equal(type('XML', { options: { xmlRoot: 'login' } }).body, `<login>${xml}</login>`);
  const plain = type('PLAIN', { options: { plainTemplate: '{username}:{password}' } });
  assert.equal(plain.body, 'systemuser:systempassword');
  assert.equal(plain.headers['content-type'], 'text/plain');
});

test('multipart parts stand in field order, with a known length and escaped names', () => {
  const { body, headers } = tokenRequest({
    action: { requestDatatype: 'FORM' },
    requestProperties: {
      username: { external_name: 'user' },
      password: { external_name: 'pass"\r\nwd' },
      list: { type: 'array', default: ['a', 'b'] },
    },
  });
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  assert.ok(boundary.length > 20);
  const part = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const expected = [
    part('user', 'systemuser'),
    part('pass%22%0D%0Awd', 'systempassword'),
    part('list', 'a'),
    part('list', 'b'),
    `--${boundary}--\r\n`,
  ].join('');
  assert.equal(body, expected);
  assert.equal(headers['content-length'], String(Buffer.byteLength(expected)));
});

test('what a secret holds goes through every encoding unchanged', () => {
  const authentication = credentials;
  const sent = (requestDatatype: string) => tokenRequest({ authentication, action: { requestDatatype } });
  const pairs = "user=ann%20lee%26x&passwd=p%40ss%20w%2Brd%2F%C3%A9!'()*";
  assert.equal(sent('URLENCODE').body, pairs);
  assert.ok(sent('URLQUERY').url.endsWith(`?${pairs}`));
  assert.deepEqual(JSON.parse(sent('JSON').body ?? ''), {
    user: credentials.username,
    passwd: credentials.password,
  });
  const xml = tokenRequest({
    authentication: { password: 'a<b&c>"d\r' },
    action: { requestDatatype: 'XML' },
  });
  assert.equal(xml.body, '<user>systemuser</user><passwd>a&lt;b&amp;c&gt;"d&#13;</passwd>');
});

test('$&, newlines, percent signs and other languages are only text', () => {
  for (const password of ['$&$1$$', 'a\nb', '100%25', 'пароль😀', '{token}{username}{b64}x{/b64}']) {
    const sent = tokenRequest({
      authentication: { password },
      action: {
        entitypath: '/login/{password}?x=1',
        headers: { 'X-Login': '{b64}{username}:{password}{/b64}' },
      },
    });
    assert.deepEqual(JSON.parse(sent.body ?? ''), { user: 'systemuser', passwd: password });
    assert.equal(sent.url, `https://nms.example.com/login/${encodeURIComponent(password)}?x=1`);
    assert.equal(sent.headers['x-login'], Buffer.from(`systemuser:${password}`).toString('base64'));
  }
});

test('XML carries nested names, arrays and attributes, and refuses characters it cannot carry', () => {
  const nested = {
    username: { external_name: 'auth.user' },
    password: { external_name: 'auth.secret._' },
    kind: { default: 'plain', external_name: 'auth.secret._attr.kind' },
    empty: { type: 'object', default: {}, external_name: 'a' },
    list: { type: 'array', default: [1, 2], external_name: 'n' },
  };
  assert.equal(
    tokenRequest({ ...properties(nested), action: { requestDatatype: 'XML' } }).body,
    '<auth><user>systemuser</user><secret kind="plain">systempassword</secret></auth><a></a><n>1</n><n>2</n>',
  );
  const error = failureOf<TokenClientError>(() =>
    tokenRequest({ authentication: { password: 'a\u0001b' }, action: { requestDatatype: 'XML' } }),
  );
  assert.equal(error.kind, 'request_invalid');
});

test('a PLAIN request is its template, its only field, or nothing', () => {
  const one = properties({ password: { external_name: 'x' } });
  const undeclared = { requestSchema: { dynamicfields: false }, action: { requestDatatype: 'PLAIN' } };
  assert.equal(tokenRequest({ ...one, ...undeclared }).body, 'systempassword');
  const none = tokenRequest({ ...properties({}), ...undeclared });
  assert.deepEqual([none.body, none.headers['content-length']], [null, '0']);
});

test('where there is nothing to send there is no body, or with sendEmpty an empty object', () => {
  const nothing = { ...properties({}), requestSchema: { dynamicfields: false } };
  assert.deepEqual(
    [tokenRequest(nothing).body, tokenRequest(nothing).headers['content-length']],
    [null, '0'],
  );
  assert.equal(tokenRequest({ ...nothing, action: { sendEmpty: true } }).body, '{}');
});

test('GET has no body and no length, but its automatic headers; URLQUERY puts the fields into its query', () => {
  const get = tokenRequest({ action: { method: 'get', headers: {}, entitypath: '/login/{username}?x=1' } });
  assert.deepEqual(get, {
    method: 'GET',
    url: 'https://nms.example.com/login/systemuser?x=1',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: null,
  });
  const query = tokenRequest({
    action: { method: 'GET', requestDatatype: 'URLQUERY', entitypath: '/login?x=1' },
  });
  assert.equal(query.url, 'https://nms.example.com/login?x=1&user=systemuser&passwd=systempassword');
});

test('raw queries keep k=v as it is, but for what no URL may hold', () => {
  const { url } = tokenRequest({
    authentication: { password: 'a+b/c= d#e&f', authQueryEncode: false },
    action: { requestDatatype: 'URLQUERY', entitypath: '/login' },
  });
  assert.equal(url, 'https://nms.example.com/login?user=systemuser&passwd=a+b/c=%20d%23e&f');
  const byService = tokenRequest({
    service: { encode_queryvars: false },
    authentication: { password: 'a/b' },
    action: { requestDatatype: 'URLQUERY', entitypath: '/login' },
  });
  assert.ok(byService.url.endsWith('passwd=a/b'));
});

test('credentials that are set follow user and password in the order of the original', () => {
  const authentication = {
    grant_type: 'password',
    client_id: 'id',
    client_secret: 'cs',
    scope: 's',
    resource: 'r',
  };
  assert.equal(
    tokenRequest({ authentication }).body,
    '{"user":"systemuser","passwd":"systempassword","client_id":"id","client_secret":"cs","scope":"s","resource":"r","grant_type":"password"}',
  );
});

test('an Authorization header or addCreds: false keeps user and password out of the body', () => {
  const header = tokenRequest({
    authentication: { client_id: 'id' },
    action: { headers: { authorization: 'Basic {b64}{username}:{password}{/b64}' } },
  });
  assert.equal(header.body, '{"client_id":"id"}');
  assert.equal(header.headers.authorization, 'Basic c3lzdGVtdXNlcjpzeXN0ZW1wYXNzd29yZA==');
  assert.equal(
    tokenRequest({ authentication: { addCreds: false, client_id: 'id' } }).body,
    '{"client_id":"id"}',
  );
});

test('authData of the service fills what is not set, that of a call goes over everything', () => {
  const globals = {
    request: { global_request: { authData: { username: 'global', tenant: 't1', otp: '1' } } },
  };
  const sent = tokenRequest(
    { service: globals },
    { authData: { otp: '2', uriPathVars: ['x'], ph_request_type: 'no' } },
  );
  assert.equal(sent.body, '{"user":"systemuser","passwd":"systempassword","tenant":"t1","otp":"2"}');
});

test('translation: none, defaults, dropped, base64, nesting, literal dots, arrays, shared prefixes', () => {
  assert.equal(
    tokenRequest({ requestSchema: { translate: false } }).body,
    '{"username":"systemuser","password":"systempassword"}',
  );
  const { body } = tokenRequest({
    authentication: { grant_type: 'password', scope: 's' },
    requestSchema: { dynamicfields: false },
    requestProperties: {
      username: { type: 'string', external_name: 'auth.user.name' },
      password: { type: 'string', external_name: 'auth.user.password', encode: true },
      domain: { type: 'string', default: 'Default', external_name: 'auth.scope[1].dom\\.ain' },
      count: { type: 'integer', default: 0, external_name: 'count' },
      flag: { type: 'boolean', default: false },
      grant_type: { type: 'string', external_name: '' },
      empty: { type: 'string', default: '' },
      encrypted: { type: 'string', encrypt: { type: 'AES', key: '' } },
    },
  });
  assert.deepEqual(JSON.parse(body ?? ''), {
    auth: {
      user: { name: 'systemuser', password: Buffer.from('systempassword').toString('base64') },
      scope: [{}, { 'dom.ain': 'Default' }],
    },
    count: 0,
    flag: false,
  });
});

test('undeclared fields are sent unchanged behind the declared ones, over one of the same name, only where they may', () => {
  const call = { authData: { user: 'dynamic', extra: { deep: [1, null] } } };
  assert.equal(
    tokenRequest({}, call).body,
    '{"user":"dynamic","passwd":"systempassword","extra":{"deep":[1,null]}}',
  );
  assert.equal(
    tokenRequest({ requestSchema: { dynamicfields: undefined } }, call).body,
    '{"user":"systemuser","passwd":"systempassword"}',
  );
});

test('of a declared field "" and null are not sent, and fill from its default; 0 and false are', () => {
  const declared = {
    requestProperties: {
      username: {},
      password: {},
      a: {},
      b: { default: 'usual' },
      zero: { default: 5 },
      no: {},
    },
  };
  assert.equal(
    tokenRequest(declared, { authData: { a: '', b: null, zero: 0, no: false } }).body,
    '{"username":"systemuser","password":"systempassword","b":"usual","zero":0,"no":false}',
  );
});

test('nested schemas bring their defaults and names', () => {
  const { body } = tokenRequest({
    requestProperties: {
      username: { type: 'string', external_name: 'auth.name' },
      password: { type: 'string', external_name: 'auth.pass' },
      scope: {
        type: 'object',
        external_name: 'auth.scope',
        properties: { project: { default: 'p', external_name: 'proj.id' } },
      },
    },
  });
  assert.deepEqual(JSON.parse(body ?? ''), {
    auth: { name: 'systemuser', pass: 'systempassword', scope: { proj: { id: 'p' } } },
  });
});

test('a field that breaks its schema is an error before anything is sent, without its value', () => {
  const wrong: readonly [Record<string, object>, Record<string, unknown>, string][] = [
    [{ username: { type: 'integer' } }, {}, '/properties/username must be integer, not string'],
    [{ tenant: { enum: ['a', 'b'] } }, { tenant: 'private' }, '/properties/tenant must be one of ["a","b"]'],
    [
      { tenant: { type: ['string', 'null'] } },
      { tenant: 7 },
      '/properties/tenant must be string or null, not number',
    ],
  ];
  for (const [requestProperties, authData, expected] of wrong) {
    const error = failureOf<TokenClientError>(() => tokenRequest({ requestProperties }, { authData }));
    assert.deepEqual([error.kind, error.icode, error.stage], ['request_invalid', 'AD.312', 'token']);
    assert.ok(error.message.includes(`schemaTokenReq.json#${expected}`), error.message);
    assert.doesNotMatch(error.message, /private|systemuser/);
  }
  const missing = failureOf<TokenClientError>(() =>
    tokenRequest({
      requestProperties: { tenant: { type: 'string' } },
      requestSchema: { required: ['tenant'] },
    }),
  );
  assert.match(missing.message, /tenant is required/);
});

test('headers: the action goes over addlHeaders whatever the letter case, "" removes, the transport’s own are ignored', () => {
  const { headers } = tokenRequest({
    service: {
      request: { global_request: { addlHeaders: { accept: 'text/x', 'X-One': '1', 'X-Two': '2' } } },
    },
    action: {
      headers: { ACCEPT: 'text/y', 'X-Two': '', 'content-type': '', Host: 'evil', 'Content-Length': '5' },
    },
  });
  assert.deepEqual(headers, { accept: 'text/y', 'x-one': '1', 'content-length': '47' });
});

test('Accept follows the answer’s data type', () => {
  const accept = (responseDatatype: string) =>
    tokenRequest({ action: { responseDatatype, headers: {} } }).headers.accept;
  assert.deepEqual(['JSON', 'plain', 'XML', 'XML2JSON', 'URLENCODE', ''].map(accept), [
    'application/json',
    'text/plain',
    'application/xml',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/json',
  ]);
});

test('paths: base_path, version, variables, query, options, double slashes', () => {
  const url = (entitypath: unknown, service: object = {}, authData: Record<string, unknown> = {}) =>
    tokenRequest({ service: { version: '', ...service }, action: { entitypath } }, { authData }).url.slice(
      'https://nms.example.com'.length,
    );
  assert.equal(url('/{base_path}/{version}/login'), '/login');
  assert.equal(
    url('{base_path}/{version}/login', { base_path: 'base/path', version: 'v 1/2' }),
    '/base/path/v%201%2F2/login',
  );
  assert.equal(url('/{base_path}//login', { base_path: '/b/' }), '/b/login');
  assert.equal(url('/u/{pathv1}{pathv2}/x{pathv3}', {}, { uriPathVars: ['a b', 'c/d'] }), '/u/a%20b/c%2Fd/x');
  assert.equal(url('/u/{pathv1}/x'), '/u/x');
  assert.equal(url('/login?{query}'), '/login');
  assert.equal(url('/login{query}'), '/login');
  assert.equal(url('/a//b?next=http://x//y'), '/a/b?next=http://x//y');
  assert.equal(
    url('/login?a=1', { request: { global_request: { uriOptions: { b: 2, c: 'x y' } } } }),
    '/login?a=1&b=2&c=x%20y',
  );
  assert.equal(url('/l/{username}/{username}?p={password}'), '/l/systemuser/systemuser?p=systempassword');
  const versions = { '1.0': '/one', '2.0': '/two', '10.0': '/ten' };
  assert.deepEqual(
    ['2.0', '3.5', '0.1', '', '11'].map((choosepath) => url(versions, { choosepath })),
    ['/two', '/two', '/one', '/one', '/ten'],
  );
});

test('a path variable of dots does not climb', () => {
  for (const dots of ['.', '..']) {
    const error = failureOf<TokenClientError>(() =>
      tokenRequest({ action: { entitypath: '/u/{pathv1}/x' } }, { authData: { uriPathVars: [dots] } }),
    );
    assert.equal(error.kind, 'request_invalid');
  }
});

test('sso: each field for itself, the service’s host and port first, the action’s protocol first', () => {
  const origin = (service: object, action: object) =>
    new URL(tokenRequest({ authentication: { sso: service }, action: { sso: action } }).url).origin;
  const empty = { protocol: '', host: '', port: 0 };
  const usual = 'https://nms.example.com';
  assert.equal(origin(empty, empty), usual);
  assert.equal(origin({ protocol: null, host: null, port: '0' }, empty), usual);
  assert.equal(
    origin(empty, { protocol: 'https', host: 'login.example.com', port: 8443 }),
    'https://login.example.com:8443',
  );
  assert.equal(
    origin({ host: 'one.example.com' }, { host: 'two.example.com', port: 8443 }),
    'https://one.example.com:8443',
  );
  assert.equal(
    origin({ protocol: 'http', port: 1 }, { protocol: 'https', port: 2 }),
    'https://nms.example.com:1',
  );
  assert.equal(origin({ protocol: 'http' }, {}), 'http://nms.example.com:443');
  assert.equal(origin({}, { port: 8443 }), 'https://nms.example.com:8443');
});

test('the service configuration replaces names, path and data types', () => {
  const sent = tokenRequest({
    authentication: {
      token_user_field: 'login',
      token_password_field: 'secret',
      token_URI_path: '/other/{version}',
      auth_request_datatype: 'URLENCODE',
    },
  });
  assert.equal(sent.body, 'login=systemuser&secret=systempassword');
  assert.equal(sent.url, 'https://nms.example.com/other/v1');
});

test('a caller may be somebody else, elsewhere', () => {
  const sent = tokenRequest(
    {},
    {
      overrides: {
        host: 'other.example.com',
        port: 8443,
        version: 'v2',
        authentication: { username: 'ann', password: new Secret('p2'), scope: 'all' },
      },
    },
  );
  assert.equal(sent.url, 'https://other.example.com:8443/api/v2/authentication/signin');
  assert.equal(sent.body, '{"user":"ann","passwd":"p2","scope":"all"}');
  for (const overrides of [{ host: 'evil.com/x?' }, { version: '..' }]) {
    const error = failureOf<TokenClientError>(() => tokenRequest({}, { overrides }));
    assert.equal(error.kind, 'request_invalid');
  }
});

test('a credential that would end a header early is refused', () => {
  const error = failureOf<TokenClientError>(() =>
    tokenRequest({ authentication: { password: 'a\r\nX: y' }, action: { headers: { 'X-P': '{password}' } } }),
  );
  assert.deepEqual([error.kind, error.message.includes('X: y')], ['unsafe_header', false]);
});

test('names that reach prototypes change nothing but the message', () => {
  const authData = JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  ) as Record<string, unknown>;
  const plan = planOf();
  const { body } = buildTokenRequest(plan, null, { authData });
  assert.match(new TextDecoder().decode(body ?? undefined), /"__proto__":\{"polluted":1\}/);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test('a plan cannot be changed', () => {
  const plan = planOf();
  assert.ok(Object.isFrozen(plan) && Object.isFrozen(plan.step) && Object.isFrozen(plan.placements));
});
