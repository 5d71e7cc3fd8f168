import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { adminPassword, type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
before(async () => {
  fixture = await startFixture();
});
after(() => fixture.close());

const credentials = { username: 'admin', password: adminPassword };
const asJson = JSON.stringify(credentials);
const asForm = new URLSearchParams(credentials).toString();

describe('a token is issued', () => {
  const form = 'application/x-www-form-urlencoded';
  const cases: Record<string, [string, Record<string, string>, string]> = {
    'for JSON': ['/api/v1/auth/tokens', { 'content-type': 'application/json' }, asJson],
    'with a charset': ['/api/v1/auth/tokens', { 'content-type': 'application/json; charset=latin1' }, asJson],
    'with a trailing slash': ['/api/v1/auth/tokens/', { 'content-type': 'application/json' }, asJson],
    'with runs of slashes': ['//api//v1///auth/tokens//', { 'content-type': 'application/json' }, asJson],
    'for a form': ['/api/v1/auth/tokens', { 'content-type': form }, asForm],
    'for JSON labelled a form': ['/api/v1/auth/tokens', { 'content-type': form }, asJson],
    'for JSON labelled nonsense': ['/api/v1/auth/tokens', { 'content-type': 'nonsense' }, asJson],
    'for JSON without a label': ['/api/v1/auth/tokens', {}, asJson],
    'with an empty Bearer': ['/api/v1/auth/tokens', { authorization: 'Bearer ' }, asJson],
    'with an old JWT': ['/api/v1/auth/tokens', { authorization: 'Bearer a.b.c' }, asJson],
    'whatever is accepted': ['/api/v1/auth/tokens', { accept: 'text/html' }, asJson],
    'by the alias name': [
      '/api/v1/auth/tokens',
      {},
      JSON.stringify({ name: 'admin', password: adminPassword }),
    ],
    'with unknown fields': [
      '/api/v1/auth/tokens',
      {},
      JSON.stringify({ ...credentials, client_id: 7, x: [] }),
    ],
    'with its connection': [
      '/api/v1/auth/tokens',
      {},
      JSON.stringify({ ...credentials, username: 'local_account|ADMIN' }),
    ],
    'with absent fields said as null or empty': [
      '/api/v1/auth/tokens',
      {},
      JSON.stringify({
        ...credentials,
        domain: null,
        auth_domain: '',
        grant_type: '',
        labels: null,
        cookies: '',
      }),
    ],
  };
  for (const [name, [url, headers, payload]] of Object.entries(cases))
    test(name, async () => {
      const answer = await fixture.call('POST', url, { headers, payload });
      assert.equal(answer.statusCode, 200, answer.body);
      assert.deepEqual(Object.keys(answer.json()), ['jwt', 'duration', 'token_type']);
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
    });
});

test('credentials in a query string are never read', async () => {
  const answer = await fixture.call('POST', `/api/v1/auth/tokens?${asForm}`);
  assert.deepEqual([answer.statusCode, answer.json().code], [400, 15]);
  const { statusCode } = await fixture.call('GET', `/api/v1/auth/tokens?access_token=${fixture.jwt}`);
  assert.equal(statusCode, 401);
});

test('the claims stand in the order of the contract, jti is jwtid, sid is client_id, a JWT lives 300 seconds', async () => {
  const { jwt, client_id: clientId } = (
    await fixture.tokens({ ...credentials, issueRefreshToken: true })
  ).json();
  const [header, claims] = jwt
    .split('.')
    .slice(0, 2)
    .map((part: string) => JSON.parse(String(Buffer.from(part, 'base64url'))));
  assert.deepEqual(Object.keys(header), ['alg', 'typ', 'kid']);
  const order = [
    'aud',
    'sub',
    'iss',
    'acc',
    'preferred_username',
    'cust',
    'jwtid',
    'iat',
    'exp',
    'sid',
    'jti',
  ];
  assert.deepEqual(Object.keys(claims), order);
  assert.match(claims.sub, /^local\|[0-9a-f-]{36}$/);
  assert.deepEqual(
    [claims.acc, claims.preferred_username, claims.cust],
    ['kylo', 'admin', { groups: ['admin'] }],
  );
  assert.deepEqual([claims.exp - claims.iat, claims.jti, claims.sid], [300, claims.jwtid, clientId]);
});

describe('a malformed request is code 15, a wrong value code 9 with its field, and neither repeats the value', () => {
  const secret = 'hunter2';
  const cases: [object | string, number, RegExp][] = [
    ['{', 15, /not valid JSON/],
    ['[]', 15, /JSON/],
    [{}, 15, /^username is missing/],
    [{ username: 'admin' }, 15, /^password is missing/],
    [{ password: secret }, 15, /^username is missing/],
    [{ username: 'local_account|', password: secret }, 15, /^username is missing/],
    [{ grant_type: 'refresh_token' }, 15, /^refresh_token is missing/],
    [{ grant_type: 'user_certificate' }, 9, /^grant_type: /],
    [{ ...credentials, username: secret.repeat(200) }, 9, /^username: /],
    [{ ...credentials, password: { secret } }, 9, /^password: /],
    [{ ...credentials, cookies: secret }, 9, /^cookies: /],
    [{ ...credentials, refresh_token_lifetime: -1 }, 9, /^refresh_token_lifetime: /],
    [{ ...credentials, refresh_token_lifetime: '1h' }, 9, /^refresh_token_lifetime: /],
    [{ ...credentials, refresh_token_revoke_unused_in: 1.5 }, 9, /^refresh_token_revoke_unused_in: /],
    [{ ...credentials, labels: { a: 1 } }, 9, /^labels: /],
  ];
  for (const [body, code, message] of cases)
    test(JSON.stringify(body).slice(0, 80), async () => {
      const answer = await fixture.call('POST', '/api/v1/auth/tokens', { payload: body });
      assert.deepEqual([answer.statusCode, answer.json().code], [400, code], answer.body);
      assert.match(answer.json().message, message);
      assert.ok(!answer.body.includes(secret));
    });
});

describe('every guarded route', () => {
  const routes = [
    ['GET', '/auth/tokens'],
    ['GET', '/auth/tokens/x'],
    ['DELETE', '/auth/tokens/x'],
    ['GET', '/auth/auth-key'],
    ['POST', '/auth/rotate-auth-key'],
    ['GET', '/auth/self/user'],
    ['PATCH', '/auth/self/user'],
    ['GET', '/auth/self/domains'],
    ['GET', '/usermgmt/users/self'],
    ['GET', '/configs/properties'],
    ['PATCH', '/configs/properties/X'],
    ['POST', '/configs/properties/X/reset'],
    ['POST', '/usermgmt/users'],
    ['GET', '/usermgmt/users'],
    ['PATCH', '/usermgmt/users/x'],
    ['DELETE', '/usermgmt/users/x'],
    ['POST', '/usermgmt/groups'],
    ['GET', '/usermgmt/groups'],
    ['POST', '/usermgmt/groups/x/users/y'],
    ['DELETE', '/usermgmt/groups/x/users/y'],
    ['GET', '/usermgmt/pwdpolicies'],
    ['PATCH', '/usermgmt/pwdpolicies/global'],
    ['POST', '/domains'],
    ['GET', '/domains'],
    ['GET', '/system/info'],
  ] as const;
  for (const [method, path] of routes)
    test(`is 401 without a good token, before its body is looked at: ${method} ${path}`, async () => {
      for (const authorization of [
        undefined,
        'Bearer ',
        'Bearer a.b.c',
        'Basic eDp5',
        `bearer ${fixture.jwt}x`,
      ]) {
        const headers = authorization === undefined ? {} : { authorization };
        const payload = method === 'GET' ? {} : { payload: '{' };
        const answer = await fixture.call(method, `/api/v1${path}`, { headers, ...payload });
        assert.deepEqual(
          [answer.statusCode, answer.json().code],
          [401, 5],
          `${authorization}: ${answer.body}`,
        );
        assert.equal(answer.headers['www-authenticate'], 'Bearer');
      }
    });
});

test('GET /auth/tokens without a token says how tokens are made', async () => {
  const answer = await fixture.call('GET', '/api/v1/auth/tokens/');
  assert.equal(answer.json().message, 'Use POST to create a token; listing tokens needs an API token.');
});

test('two Authorization headers are refused even if they agree', async () => {
  const bearer = `Bearer ${fixture.jwt}`;
  const one = await fixture.call('GET', '/api/v1/system/info', { headers: { authorization: bearer } });
  assert.equal(one.statusCode, 200);
  const { host, port } = new URL(await fixture.server.listen());
  const lines = ['GET /api/v1/system/info HTTP/1.1', `Host: ${host}`, 'Connection: close'];
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  socket.end([...lines, `Authorization: ${bearer}`, `authorization: ${bearer}`, '', ''].join('\r\n'));
  const answer = (await socket.toArray()).join('');
  assert.match(answer, /^HTTP\/1\.1 401 /);
});

describe('lists', () => {
  const paths = [
    '/auth/tokens',
    '/auth/auth-key',
    '/auth/self/domains',
    '/configs/properties',
    '/usermgmt/users',
    '/usermgmt/groups',
    '/usermgmt/pwdpolicies',
    '/domains',
  ];
  for (const path of paths)
    test(`have one envelope and one way to page: ${path}`, async () => {
      const plain = (await fixture.api('GET', path)).json();
      assert.deepEqual(Object.keys(plain), ['skip', 'limit', 'total', 'resources']);
      assert.deepEqual([plain.skip, plain.limit], [0, 10]);
      assert.ok(Number.isSafeInteger(plain.total) && Array.isArray(plain.resources));
      const far = (await fixture.api('GET', `${path}?skip=7000&limit=2000`)).json();
      assert.deepEqual([far.skip, far.limit, far.total, far.resources], [7000, 2000, plain.total, []]);
      assert.equal((await fixture.api('GET', `${path}?limit=9999`)).json().limit, 2000);
      assert.deepEqual((await fixture.api('GET', `${path}?limit=0`)).json().resources, []);
      for (const query of ['limit=-1', 'skip=-1', 'limit=x', 'limit=1&limit=1', 'skip=1.5']) {
        const answer = await fixture.api('GET', `${path}?${query}`);
        assert.deepEqual([answer.statusCode, answer.json().code], [400, 9], query);
        assert.match(answer.json().message, /^(limit|skip): /);
      }
    });
});

test('ids and names with | and spaces work raw and encoded', async () => {
  const user = { username: 'grace', password: 'Hopper-1906', user_id: '' };
  const { user_id: id } = (await fixture.api('POST', '/usermgmt/users', user)).json();
  assert.match(id, /^local\|/);
  for (const written of [id, id.replace('|', '%7C'), id.replace('|', '%7c')]) {
    assert.equal((await fixture.api('GET', `/usermgmt/users/${written}`)).json().username, 'grace');
    const added = await fixture.api('POST', `/usermgmt/groups/Key%20Users/users/${written}`);
    assert.deepEqual([added.statusCode, added.json().name], [200, 'Key Users']);
  }
  const removed = await fixture.api('DELETE', `/usermgmt/groups/Key%20Users/users/${id}`);
  assert.deepEqual([removed.statusCode, removed.body], [204, '']);
  for (const path of ['/usermgmt/users/local|x', '/usermgmt/users/x', `/usermgmt/users/ldap|${id.slice(6)}`])
    assert.equal((await fixture.api('GET', path)).json().code, 16, path);
});

test('what exists by another method is 405 with Allow, what does not exist is 404, both in JSON', async () => {
  const wrong = await fixture.call('PUT', '/api/v1/auth/tokens/');
  assert.deepEqual([wrong.statusCode, wrong.json().codeDesc], [405, 'NCERRMethodNotAllowed']);
  assert.equal(wrong.headers.allow, 'GET, HEAD, OPTIONS, POST');
  for (const url of ['/api/v1/none', '/none', '/downloads/ksctl_images.zip']) {
    const none = await fixture.call('GET', url);
    assert.deepEqual([none.statusCode, none.json().code], [404, 16], url);
  }
});

test('system/info and services/status tell what clients look for', async () => {
  const info = (await fixture.api('GET', '/system/info')).json();
  assert.deepEqual(Object.keys(info), ['name', 'version', 'model', 'vendor', 'uptime', 'system_time']);
  assert.match(info.uptime, /^\d+ days, \d+ hours, \d+ minutes$/);
  assert.match(info.system_time, /\.\d{6}Z$/);
  assert.deepEqual((await fixture.call('GET', '/api/v1/system/services/status')).json(), {
    status: 'started',
  });
});

test('/openapi.json has every route of the dialect, with its fields and what guards it', async () => {
  const { paths } = (await fixture.call('GET', '/openapi.json')).json();
  const issue = paths['/api/v1/auth/tokens'].post;
  assert.ok(issue.requestBody.content['application/json'].schema.properties.renew_refresh_token);
  assert.equal(issue.security, undefined);
  assert.deepEqual(paths['/api/v1/auth/tokens'].get.security, [{ bearer: [] }]);
  assert.ok(paths['/api/v1/usermgmt/groups/{name}/users/{user_id}'].delete);
});

test('no token and no password is in the log', () => {
  const text = fixture.logged.join('\n');
  assert.ok(!text.includes(fixture.jwt) && !text.includes(adminPassword));
});
