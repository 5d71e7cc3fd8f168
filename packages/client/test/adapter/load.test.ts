/** Guarantees of loading: every problem at once, each with its place and cure, and what is forgiven. @module */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type AdapterFiles,
  ConfigurationError,
  compileAdapter,
  loadTokenPlan,
  type Problem,
  problemText,
  resolveSecrets,
  Secret,
  type TokenClientError,
} from '../../src/index.ts';
import { type Changes, failureOf, filesOf, planOf, propertiesOf, tokenRequest } from './full-adapter.ts';

/** Problems as `file#pointer: reason`, errors only. */
function errorsOf(changes: Changes): string[] {
  const error = failureOf<ConfigurationError>(() => planOf(changes));
  assert.ok(error instanceof ConfigurationError, String(error));
  assert.deepEqual([error.kind, error.stage], ['configuration', 'load']);
  return error.problems.filter(({ severity }) => severity === 'error').map(placed);
}
const placed = ({ file, pointer, reason }: Problem): string => `${file}#${pointer}: ${reason}`;
const warningsOf = (changes: Changes): string[] => planOf(changes).warnings.map(placed);
const action = '/actions/0';

test('the founding adapter loads without a word', () => {
  assert.deepEqual(warningsOf({}), []);
});

test('five problems are told at once, sorted, with file, pointer and cure', () => {
  const changes: Changes = {
    authentication: { auth_field: 'body.field”', auth_field_format: ['{b64}{token}', '{tokenp2}'] },
    action: { requestDatatype: 'PLAIN', responseDatatype: 'JSOM', sso: { port: 'eighty' } },
  };
  assert.deepEqual(errorsOf(changes), [
    `action.json#${action}/requestDatatype: PLAIN carries one field, and there are 2: username, password`,
    `action.json#${action}/responseDatatype: "JSOM" is not a data type`,
    `action.json#${action}/sso/port: is not a number that can be used`,
    'properties#/authentication/auth_field_format/0: {b64} has no end',
    'properties#/authentication/auth_field_format/1: {tokenp2} is used, and the response schema has no property tokenp2',
  ]);
  const { problems, message } = failureOf<ConfigurationError>(() => planOf(changes));
  assert.ok(
    message.includes(
      `action.json#${action}/responseDatatype: "JSOM" is not a data type; use JSON, XML, PLAIN, XML2JSON or URLENCODE`,
    ),
  );
  assert.ok(
    problems.some(
      ({ severity, pointer }) => severity === 'warning' && pointer === '/authentication/auth_field',
    ),
  );
  assert.ok(
    problems.every((problem) => problem.cure.length > 5 && problemText(problem).includes(problem.cure)),
  );
});

test('typographic quotes of published examples are dropped with a warning', () => {
  const authentication = {
    auth_method: '”request_token”',
    auth_field: 'body.field”',
    auth_field_format: '”{token}”',
    token_cache: '“local”',
  };
  const plan = planOf({ authentication });
  assert.deepEqual(
    plan.placements.map((placement) => ({ ...placement })),
    [{ kind: 'body', path: ['field'], format: [{ kind: 'variable', name: 'token', encoding: 'none' }] }],
  );
  assert.equal(plan.warnings.length, 4);
});

test('each wrong value of the service configuration is one error at its place', () => {
  const cases: readonly [Changes['authentication'] | null, Changes['service'] | null, string][] = [
    [{ auth_method: undefined }, null, '/authentication/auth_method: is missing'],
    [{ auth_method: 'oauth' }, null, '/authentication/auth_method: "oauth" is no way to authenticate'],
    [{ auth_method: 'jwt_token' }, null, '/authentication/auth_method: jwt_token is not supported yet'],
    [{ username: undefined }, null, '/authentication/username: is missing'],
    [{ password: '' }, null, '/authentication/password: is missing'],
    [{ password: 7 }, null, '/authentication/password: is not text'],
    [{ auth_field: 'header.X' }, null, '/authentication/auth_field: "header.X" is no place for a token'],
    [
      { auth_field: 'header.headers.a b' },
      null,
      '/authentication/auth_field: "header.headers.a b" is no place for a token',
    ],
    [
      { auth_field: 'header.headers.Host' },
      null,
      '/authentication/auth_field: "header.headers.Host" is no place for a token',
    ],
    [
      { auth_field: 'body.__proto__.x' },
      null,
      '/authentication/auth_field: "body.__proto__.x" is no place for a token',
    ],
    [
      { auth_field: 'body.a.constructor' },
      null,
      '/authentication/auth_field: "body.a.constructor" is no place for a token',
    ],
    [{ auth_field: 'body.' }, null, '/authentication/auth_field: "body." is no place for a token'],
    [
      { auth_field: ['header.headers.A', 'header.headers.a'] },
      null,
      '/authentication/auth_field/1: it is the same place as /authentication/auth_field/0',
    ],
    [
      { auth_field: ['header.auth', 'header.headers.Authorization'] },
      null,
      '/authentication/auth_field/1: it is the same place as /authentication/auth_field/0',
    ],
    [
      { auth_field: ['body.a', 'body.a.b'] },
      null,
      '/authentication/auth_field/1: it is the same place as /authentication/auth_field/0',
    ],
    [{ auth_field_format: '{b64}{token}' }, null, '/authentication/auth_field_format: {b64} has no end'],
    [{ token_timeout: -2 }, null, '/authentication/token_timeout: is no time in milliseconds'],
    [{ token_timeout: 1.5 }, null, '/authentication/token_timeout: is no time in milliseconds'],
    [{ token_timeout: 'soon' }, null, '/authentication/token_timeout: is no time in milliseconds'],
    [{ token_timeout: true }, null, '/authentication/token_timeout: is no time in milliseconds'],
    [{ token_cache: 'disk' }, null, '/authentication/token_cache: "disk" is no place to keep tokens'],
    [
      { invalid_token_error: 200 },
      null,
      '/authentication/invalid_token_error: 200 means success, not that the token is invalid',
    ],
    [{ invalid_token_error: '401,x' }, null, '/authentication/invalid_token_error: is no HTTP status'],
    [{ password: '{vault}team' }, null, '/authentication/password: names no field of a vault'],
    [{ password: '{vault}team#nms' }, null, '/authentication/password: there is no vault "team"'],
    [{ password: '{crypt}abc' }, null, '/authentication/password: is encrypted by the platform'],
    [{ password: '{code}***' }, null, '/authentication/password: {code} is not followed by base64'],
    [null, { host: undefined }, '/host: is missing'],
    [null, { host: 'https://nms.example.com' }, '/host: "https://nms.example.com" is no host name'],
    [null, { host: 'user@evil' }, '/host: "user@evil" is no host name'],
    [null, { version: '..' }, '/version: ".." is no segment of a path'],
    [null, { version: { major: 1 } }, '/version: is not text'],
    [null, { port: 70000 }, '/port: is not a number that can be used'],
    [null, { protocol: 'ftp' }, '/protocol: "ftp" is not possible here'],
    [
      null,
      { request: { attempt_timeout: 'x' } },
      '/request/attempt_timeout: is not a number that can be used',
    ],
    [
      null,
      { request: { limit_retry_error: '503-500' } },
      '/request/limit_retry_error: is no HTTP status and no range of them',
    ],
    [
      null,
      { ssl: { enabled: true, ca_file: '/nowhere.pem' } },
      '/ssl/ca_file: "/nowhere.pem" cannot be read',
    ],
    [
      null,
      { ssl: { enabled: true, secure_protocol: 'TLSv1_method' } },
      '/ssl/secure_protocol: "TLSv1_method" is older than TLS 1.2, or unknown',
    ],
    [
      null,
      { proxy: { enabled: true, host: 'p', protocol: 'socks' } },
      '/proxy/protocol: "socks" proxies are not supported',
    ],
  ];
  for (const [authentication, service, expected] of cases) {
    assert.deepEqual(errorsOf({ authentication: authentication ?? {}, service: service ?? {} }), [
      `properties#${expected}`,
    ]);
  }
  assert.equal(errorsOf({ authentication: { token_cache: 'redis' } }).length, 2);
  const cache = { get: async () => null, set: async () => {}, delete: async () => {} };
  assert.equal(
    planOf({ authentication: { token_cache: 'redis' }, options: { cache, cacheSecret: 's' } }).cache,
    'external',
  );
});

test('each wrong value of the action and the schemas is one error at its place', () => {
  const cases: readonly [Changes, string][] = [
    [{ action: { method: 'FETCH' } }, `action.json#${action}/method: "FETCH" is no method`],
    [{ action: { protocol: 'SOAP' } }, `action.json#${action}/protocol: "SOAP" is no protocol of actions`],
    [{ action: { entitypath: '' } }, `action.json#${action}/entitypath: is missing`],
    [
      { action: { requestDatatype: 'XML2JSON' } },
      `action.json#${action}/requestDatatype: "XML2JSON" is not a data type`,
    ],
    [
      { action: { responseDatatype: 'FORM' } },
      `action.json#${action}/responseDatatype: "FORM" is not a data type`,
    ],
    [
      { action: { requestSchema: '../../../x.json' } },
      `action.json#${action}/requestSchema: "../../../x.json" is outside the adapter's folder`,
    ],
    [
      { action: { requestSchema: '/etc/passwd' } },
      `action.json#${action}/requestSchema: "/etc/passwd" is outside the adapter's folder`,
    ],
    [
      { action: { responseSchema: 'none.json' } },
      `action.json#${action}/responseSchema: there is no file "none.json"`,
    ],
    [
      { action: { headers: { 'X-A': '{b64}{username}' } } },
      `action.json#${action}/headers/X-A: {b64} has no end`,
    ],
    [
      { action: { headers: { 'a b': 'x' } } },
      `action.json#${action}/headers/a b: its name is no name of a header`,
    ],
    [
      { action: { responseObjects: [{ key: 'data[*name=x]' }] } },
      `action.json#${action}/responseObjects/0/key: is more than a member of the answer`,
    ],
    [
      { action: { tessera: { xmlRoot: '1x' } } },
      `action.json#${action}/tessera/xmlRoot: "1x" is no name of an XML element`,
    ],
    [
      { action: { requestDatatype: 'PLAIN', tessera: { plainTemplate: '{user}:{password}' } } },
      `action.json#${action}/tessera/plainTemplate: {user} is no property of the request schema`,
    ],
    [{ responseProperties: {} }, 'schemaTokenResp.json#/properties/token: is missing'],
    [
      { responseProperties: { token: { placement: 'QUERY' } } },
      'schemaTokenResp.json#/properties/token/placement: "QUERY" is no place of an answer',
    ],
    [
      { responseProperties: { token: { placement: 'HEADER' } } },
      'schemaTokenResp.json#/properties/token/external_name: is missing',
    ],
    [
      { responseProperties: { token: { external_name: '' } } },
      'schemaTokenResp.json#/properties/token/external_name: is empty, so that nothing is read',
    ],
    [
      { responseProperties: { token: { external_name: 'a.__proto__' } } },
      'schemaTokenResp.json#/properties/token/external_name: "a.__proto__" is no place in an answer',
    ],
    [
      { requestProperties: { username: {}, password: { external_name: 'a.prototype.b' } } },
      'schemaTokenReq.json#/properties/password/external_name: "a.prototype.b" is no name that a field can have',
    ],
    [
      { requestProperties: { username: {}, password: { external_name: 'a[99999]' } } },
      'schemaTokenReq.json#/properties/password/external_name: "a[99999]" is no name that a field can have',
    ],
    [
      { requestProperties: { username: { type: 'text' }, password: {} } },
      'schemaTokenReq.json#/properties/username/type: "text" is not a type',
    ],
    [
      { requestProperties: { username: {}, password: { encrypt: { type: 'AES', key: 'k' } } } },
      'schemaTokenReq.json#/properties/password/encrypt/key: the value is encrypted with a key that stands in the schema',
    ],
    ...['URLENCODE', 'URLQUERY', 'FORM'].map((requestDatatype): [Changes, string] => [
      {
        action: { requestDatatype },
        requestProperties: { username: { external_name: 'a.b' }, password: {} },
      },
      `schemaTokenReq.json#/properties/username: it is nested, and ${requestDatatype} carries plain fields only`,
    ]),
    [
      {
        action: { requestDatatype: 'XML' },
        requestProperties: { username: { external_name: 'a b' }, password: {} },
        options: { xmlRoot: 'r' },
      },
      'schemaTokenReq.json#/properties/username: "a b" is no name of an XML element',
    ],
    [{ options: { allowedOrigins: ['nowhere'] } }, 'options#/allowedOrigins/0: is no origin'],
    [{ options: { repeats: -1 } }, 'options#/repeats: is not a number that can be used'],
  ];
  for (const [changes, expected] of cases) assert.deepEqual(errorsOf(changes), [expected]);
});

test('files: none, no JSON with line and column, no action, no getToken', () => {
  const only = (files: AdapterFiles): Problem[] =>
    failureOf<ConfigurationError>(() => compileAdapter(files, propertiesOf())).problems.filter(
      ({ severity }) => severity === 'error',
    );
  assert.deepEqual(only({}).map(placed), ['action.json#: there is no such file']);
  const broken = only({ ...filesOf(), 'schemaTokenReq.json': '{\n  "translate": tru,\n}' });
  assert.deepEqual(
    broken.map(({ file, pointer, icode }) => [file, pointer, icode]),
    [['schemaTokenReq.json', 'line 2, column 19', 'AD.301']],
  );
  assert.equal(
    broken.map(problemText)[0]?.startsWith('schemaTokenReq.json, line 2, column 19: it is not JSON; '),
    true,
  );
  for (const [text, pointer] of [
    ['{"actions":[}', 'line 1, column 13'],
    ['{\n"a":1,}', 'line 2, column 7'],
    ['', 'line 1, column 1'],
    ['{"a":"b', 'line 1, column 8'],
    ['{\n\n  x', 'line 3, column 3'],
  ] as const) {
    assert.deepEqual(
      only({ ...filesOf(), 'action.json': text }).map((problem) => problem.pointer),
      [pointer],
      text,
    );
  }
  assert.equal(only({ ...filesOf(), 'action.json': '{"actions":[{"name":"other"}]}' })[0]?.icode, 'AD.302');
  assert.equal(only({ ...filesOf(), 'action.json': '7' })[0]?.icode, 'AD.302');
});

test('action.json may be a list or one action; a byte order mark and a last comma are forgiven with a warning', () => {
  const [one] = (JSON.parse(filesOf()['action.json'] ?? '') as { actions: [object] }).actions;
  for (const text of [
    JSON.stringify([one]),
    JSON.stringify(one),
    `\ufeff${JSON.stringify(one)}`,
    `${JSON.stringify(one)},\n`,
  ]) {
    const plan = compileAdapter({ ...filesOf(), 'action.json': text }, propertiesOf());
    assert.equal(plan.step.kind, 'request');
    assert.equal(plan.warnings.length, text.startsWith('\ufeff') || text.endsWith(',\n') ? 1 : 0);
  }
});

test('the wrapper of the platform gives the id, and pointers lead through it', () => {
  const wrapper = { id: 'nms-1', type: 'Nms', properties: propertiesOf() };
  assert.equal(compileAdapter(filesOf(), wrapper).id, 'nms-1');
  const wrong = { ...wrapper, properties: propertiesOf({ service: { port: 'x' } }) };
  const error = failureOf<ConfigurationError>(() => compileAdapter(filesOf(), wrong));
  assert.deepEqual(
    error.problems.map(({ pointer }) => pointer),
    ['/properties/port'],
  );
  for (const nothing of [null, undefined, 7, 'text', []]) {
    assert.ok(failureOf(() => compileAdapter(filesOf(), nothing)) instanceof ConfigurationError);
  }
});

test('a user and password are missed only where they are used', () => {
  const none = { username: '', password: '' };
  const fine: Changes[] = [
    { authentication: { ...none, addCreds: false, client_id: 'x' } },
    { authentication: none, action: { method: 'GET', entitypath: '/login' } },
    { authentication: none, action: { headers: { Authorization: 'Basic abc' } } },
    { authentication: { ...none, client_id: 'id', client_secret: 's' } },
    { authentication: none, requestProperties: { username: { default: 'u' }, password: { default: 'p' } } },
  ];
  for (const changes of fine) planOf(changes);
  const missing: Changes[] = [
    {
      authentication: {
        ...none,
        username: 'x',
        addCreds: false,
        client_id: 'x',
        auth_field_format: '{password}',
      },
    },
    { authentication: none, action: { method: 'GET', entitypath: '/login/{username}/{password}' } },
    {
      authentication: none,
      action: { headers: { Authorization: 'Basic {b64}{username}:{password}{/b64}' } },
    },
    { authentication: { auth_method: 'static_token' } },
  ];
  for (const changes of missing) assert.ok(errorsOf(changes).every((text) => text.endsWith('is missing')));
});

test('warnings say what works and should not stay', () => {
  const cases: readonly [Changes, RegExp][] = [
    [
      { service: { protocol: 'http', port: 80 } },
      /protocol: credentials and tokens go to another machine unencrypted/,
    ],
    [
      { authentication: { password: '{code}c3lzdGVtcGFzc3dvcmQ=' } },
      /password: \{code\} is base64, which hides nothing/,
    ],
    [
      { authentication: { auth_field_format: 'x {word} {token}' } },
      /auth_field_format: \{word\} is no variable/,
    ],
    [{ authentication: { auth_field_format: 'fixed' } }, /the format has no variable/],
    [
      { authentication: { auth_field_format: ['{token}', '{token}'] } },
      /auth_field_format\/1: there is no auth_field/,
    ],
    [{ action: { headers: { Host: 'x' } } }, /headers\/Host: it is set from what is really sent/],
    [{ action: { headers: { 'X-A': '{token}' } } }, /headers\/X-A: \{token\} is no variable here/],
    [{ action: { requestDatatype: 'XML' } }, /requestDatatype: the body has several top-level elements/],
    [{ action: { responseObjects: [{ mockFile: 'gone.json' }] } }, /mockFile: there is no file "gone.json"/],
    [
      { service: { ssl: { enabled: true, accept_invalid_cert: true } } },
      /accept_invalid_cert: any certificate is accepted/,
    ],
  ];
  for (const [changes, expected] of cases) {
    const warnings = warningsOf(changes);
    assert.deepEqual([warnings.length, expected.test(warnings[0] ?? '')], [1, true], warnings.join('\n'));
  }
  assert.deepEqual(warningsOf({ service: { protocol: 'http', host: '127.0.0.1' } }), []);
  for (const sso of [{ protocol: 'http' }, { protocol: 'http', host: 'login.example.com' }]) {
    assert.match(
      warningsOf({ action: { sso } })[0] ?? '',
      /sso\/protocol: credentials and tokens go to another machine/,
    );
  }
  assert.match(
    errorsOf({ service: { stub: true }, action: { responseObjects: [{ mockFile: 'gone.json' }] } })[0] ?? '',
    /mockFile/,
  );
});

test('encoded secrets: {code} is decoded, {crypt} goes to decryptSecret, {vault} is read anew for every token', async () => {
  const decoded = tokenRequest({ authentication: { password: '{code}c3lzdGVtcGFzc3dvcmQ=' } });
  assert.equal(decoded.body, '{"user":"systemuser","passwd":"systempassword"}');

  const encrypted: Changes = {
    authentication: { password: '{crypt}xyz' },
    options: { decryptSecret: (text, id) => Promise.resolve(`${text} of ${id}`) },
  };
  const plan = planOf(encrypted);
  const secrets = await resolveSecrets(plan, encrypted.options ?? {});
  assert.equal(
    tokenRequest(encrypted, {}, secrets).body,
    '{"user":"systemuser","passwd":"{crypt}xyz of adapter"}',
  );

  let current: string | null = 'first';
  const vaults = { team: { get: (name: string) => Promise.resolve(name === 'nms' ? current : null) } };
  const vaulted: Changes = { authentication: { password: '{vault}team#nms' }, options: { vaults } };
  const sent = async () => tokenRequest(vaulted, {}, await resolveSecrets(planOf(vaulted), { vaults })).body;
  assert.match((await sent()) ?? '', /"passwd":"first"/);
  current = 'second';
  assert.match((await sent()) ?? '', /"passwd":"second"/);
  current = null;
  await assert.rejects(sent(), (error: TokenClientError) => error.kind === 'secret_unavailable');
  const failing = { team: { get: () => Promise.reject(new Error('locked: hunter2')) } };
  await assert.rejects(resolveSecrets(planOf(vaulted), { vaults: failing }), (error: TokenClientError) => {
    assert.deepEqual([error.kind, error.message.includes('hunter2')], ['secret_unavailable', false]);
    return true;
  });
});

test('Tessera’s options: the caller goes before the action, the action before the service configuration', () => {
  const root = (options: object, inAction: object, inService: object): string | null => {
    const { body } = tokenRequest({
      action: { requestDatatype: 'XML', tessera: inAction },
      authentication: { tessera: inService },
      options,
    });
    return /^<(\w+)>/.exec(body ?? '')?.[1] ?? null;
  };
  assert.equal(root({ xmlRoot: 'a' }, { xmlRoot: 'b' }, { xmlRoot: 'c' }), 'a');
  assert.equal(root({}, { xmlRoot: 'b' }, { xmlRoot: 'c' }), 'b');
  assert.equal(root({}, {}, { xmlRoot: 'c' }), 'c');
});

test('a token that goes into the body of the health check’s GET is an error at load, unless that is allowed', () => {
  const { actions } = JSON.parse(filesOf()['action.json'] ?? '') as { actions: object[] };
  const health = (more: object): Changes => ({
    authentication: { auth_field: 'body.session' },
    files: {
      'action.json': JSON.stringify({
        actions: [
          ...actions,
          { name: 'healthcheck', protocol: 'REST', method: 'GET', entitypath: '/{version}/health', ...more },
        ],
      }),
    },
  });
  assert.deepEqual(errorsOf(health({})), [
    'action.json#/actions/1/method: the token goes into the body, and a GET has none',
  ]);
  assert.equal(planOf(health({ tessera: { allowBodyOnGet: true } })).healthcheck?.method, 'GET');
  assert.equal(planOf(health({ method: 'POST' })).healthcheck?.method, 'POST');
});

test('repeats follow number_retries, at least one, unless they are set', () => {
  const repeats = (number_retries: unknown, options: Changes['options'] = {}): number =>
    planOf({ service: { request: { number_retries } }, options }).refusal.repeats;
  assert.deepEqual(
    [repeats(undefined), repeats(0), repeats(3), repeats('3'), repeats(3, { repeats: 0 })],
    [1, 1, 3, 3, 0],
  );
  const statuses = (invalid_token_error: unknown) =>
    planOf({ authentication: { invalid_token_error } }).refusal.statuses;
  assert.deepEqual(
    [statuses('401'), statuses([401, 403]), statuses('401,403')],
    [[401], [401, 403], [401, 403]],
  );
});

/** An adapter's home on disk. */
function homeWith(t: TestContext, files: AdapterFiles): string {
  const home = mkdtempSync(join(tmpdir(), 'tessera-adapter-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, 'entities', '.system', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return home;
}

test('an adapter loads from its home and from its .system folder, and its folder’s name is its id', async (t) => {
  const home = homeWith(t, filesOf());
  const plan = await loadTokenPlan(home, propertiesOf());
  assert.deepEqual(plan, await loadTokenPlan(join(home, 'entities', '.system'), propertiesOf()));
  assert.equal(plan.id, home.split('/').at(-1));
  assert.deepEqual(plan.warnings, []);
});

test('a missing folder and a link that leads out of the adapter are problems, not crashes', async (t) => {
  await assert.rejects(loadTokenPlan('/nowhere/at/all', propertiesOf()), ConfigurationError);
  const home = homeWith(t, { ...filesOf(), 'schemaTokenReq.json': '{}' });
  const schema = join(home, 'entities', '.system', 'schemaTokenReq.json');
  rmSync(schema);
  symlinkSync('/etc/passwd', schema);
  await assert.rejects(loadTokenPlan(home, propertiesOf()), /requestSchema: there is no file/);
});

test('what is no file is not read: a folder, a device without end', async (t) => {
  const { 'schemaTokenReq.json': _, ...files } = filesOf();
  const home = homeWith(t, { ...files, 'schemaTokenReq.json/inner': 'x' });
  const ssl = { enabled: true, ca_file: '/dev/zero' };
  await assert.rejects(
    loadTokenPlan(home, propertiesOf({ service: { ssl } })),
    /requestSchema: there is no file[\s\S]*ca_file: "\/dev\/zero" cannot be read/,
  );
});

test('PEM files are read at load', async (t) => {
  const home = homeWith(t, { ...filesOf(), 'ca.pem': 'CERTIFICATE', 'key.pem': 'KEY' });
  const file = (name: string): string => join(home, 'entities', '.system', name);
  const ssl = { enabled: true, ca_file: file('ca.pem'), key_file: file('key.pem') };
  const { tls } = (await loadTokenPlan(home, propertiesOf({ service: { ssl } }))).transport;
  assert.deepEqual([tls.caPem, tls.keyPem?.reveal(), tls.verification], ['CERTIFICATE', 'KEY', 'verify']);
});

test('a secret is in no message of a load error', () => {
  const authentication = {
    password: 'hunter22',
    client_secret: '{code}!!hunter23',
    username: ['hunter24'],
    auth_method: 'x',
  };
  const error = failureOf<ConfigurationError>(() => planOf({ authentication, service: { port: 'x' } }));
  assert.doesNotMatch(JSON.stringify(error.problems) + error.message, /hunter2/);
  assert.equal(JSON.stringify(new Secret('hunter2')), '"[secret]"');
});
