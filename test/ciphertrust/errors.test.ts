/** The face of every refusal. Spec ciphertrust §1, §6; acceptance 10. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import { sendRaw } from '../harness/raw-http.ts';
import { newPassword } from '../harness/server.ts';
import {
  type Account,
  errorOf,
  noApiToken,
  ok,
  onEachEngine,
  tokensPath,
  usersPath,
  wrongPassword,
} from './dialect.ts';

onEachEngine((dialect) => {
  describe('a sign-in that fails tells nothing by its body:', () => {
    let locked: Account;
    let disabled: Account;
    before(async () => {
      locked = await dialect.createUser();
      disabled = await dialect.createUser();
      const options = { jwt: await dialect.jwt() };
      const policy = '/api/v1/usermgmt/pwdpolicies/global';
      ok(await dialect.api.patch(policy, { failed_logins_lockout_thresholds: [30] }, options));
      await dialect.issue({}, { ...locked, password: newPassword() });
      ok(await dialect.api.patch(`${usersPath}/${disabled.userId}`, { allowed_auth_methods: [] }, options));
      ok(await dialect.api.patch(policy, { failed_logins_lockout_thresholds: [] }, options));
    });

    const cases: readonly [name: string, attempt: () => Promise<Answer>][] = [
      ['an unknown user', () => dialect.issue({ username: 'nobody-here' })],
      ['a wrong password', () => dialect.issue({ password: 'Wrong-pass1' })],
      ['a password that no policy allows', () => dialect.issue({ password: 'x' })],
      ['a very long password', () => dialect.issue({ password: 'x'.repeat(5_000) })],
      ['a locked user', () => dialect.issue({}, locked)],
      ['a user who may not use a password', () => dialect.issue({}, disabled)],
      ['an unknown connection', () => dialect.issue({ connection: 'elsewhere' })],
      ['an unknown connection in the name', () => dialect.issue({ username: 'elsewhere|admin' })],
      ['an unknown auth_domain', () => dialect.issue({ auth_domain: 'elsewhere' })],
    ];
    for (const [name, attempt] of cases) {
      test(name, async () => {
        assert.deepEqual(errorOf(await attempt()), wrongPassword);
      });
    }
  });

  describe('without a good API token every protected path is 401 and says how to authenticate:', () => {
    const protectedPaths = [
      '/api/v1/auth/self/user',
      '/api/v1/auth/self/domains',
      '/api/v1/auth/auth-key',
      '/api/v1/configs/properties',
      '/api/v1/configs/properties/MAXIMUM_REFRESH_TOKEN_LIFETIME',
      '/api/v1/usermgmt/users',
      '/api/v1/usermgmt/groups',
      '/api/v1/usermgmt/pwdpolicies',
      '/api/v1/domains',
      '/api/v1/system/info',
    ];
    for (const path of protectedPaths) {
      test(path, async () => {
        for (const authorization of [undefined, 'Bearer ', 'Bearer x', 'Basic eDp5']) {
          const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
          const answer = await dialect.api.get(path, { headers });
          assert.deepEqual(errorOf(answer), noApiToken);
          assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
        }
      });
    }
  });

  test('the request id of an error is in the server’s log or audit log, and each has its own', async () => {
    const ids = [await dialect.api.get('/api/v1/nothing'), await dialect.api.get('/api/v1/nothing')].map(
      ({ body }) => body.requestID,
    );
    assert.notEqual(ids[0], ids[1]);
  });

  for (const path of [
    '/api/v1/nothing',
    '/api/v1/auth/tokens/a/b',
    '/api/v1/auth',
    '/nothing',
    '/%zz',
    '/api/v1/%00',
  ]) {
    test(`an unknown path is a JSON error: ${path}`, async () => {
      const error = errorOf(await dialect.api.get(path, { jwt: await dialect.jwt() }));
      assert.ok(error.status === 404 || error.status === 400, `${error.status}`);
      if (error.status === 404) assert.equal(error.code, 16);
    });
  }

  for (const [method, path] of [
    ['PUT', tokensPath],
    ['DELETE', tokensPath],
    ['GET', '/api/v1/auth/revoke'],
    ['PATCH', usersPath],
    ['PUT', '/api/v1/auth/changepw'],
  ] as const) {
    test(`${method} ${path} is 405, in JSON, and says what is allowed`, async () => {
      const response = await fetch(dialect.server.url + path, { method });
      const text = await response.text();
      const answer = { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
      const error = errorOf(answer);
      assert.deepEqual([error.status, error.code, error.codeDesc], [405, 405, 'NCERRMethodNotAllowed']);
      assert.ok((response.headers.get('allow') ?? '').length > 0);
    });
  }

  test('a body of more than 64 KiB is 413, in JSON; one of just under is read', async () => {
    const bodyOf = (length: number): string => `{"username":"a","password":"${'x'.repeat(length)}"}`;
    const error = errorOf(await dialect.api.post(tokensPath, bodyOf(65_536)));
    assert.deepEqual([error.status, error.code, error.codeDesc], [413, 413, 'NCERRRequestTooLarge']);
    assert.deepEqual(errorOf(await dialect.api.post(tokensPath, bodyOf(65_000))), wrongPassword);
  });

  describe('a body that cannot be read is 400 code 15:', () => {
    const json = { 'content-type': 'application/json' };
    const bodies: readonly [name: string, body: string, headers: Record<string, string>][] = [
      ['half a JSON', '{"username":', json],
      ['no JSON', 'username=admin&password=x', json],
      ['a list', '[]', json],
      ['a text', '"admin"', json],
      ['null', 'null', json],
      ['JSON with more behind it', '{} {}', json],
      ['another content type', '<a/>', { 'content-type': 'text/xml' }],
    ];
    for (const [name, body, headers] of bodies) {
      test(name, async () => {
        const error = errorOf(await dialect.api.post(tokensPath, body, { headers }));
        assert.deepEqual([error.status, error.code], [400, 15]);
        assert.equal(error.codeDesc, 'NCERRBadRequest: Bad HTTP request');
      });
    }

    test('an empty body, with and without a JSON content type', async () => {
      for (const headers of [json, {}]) {
        const error = errorOf(await dialect.api.post(tokensPath, '', { headers }));
        assert.deepEqual([error.status, error.code], [400, 15]);
      }
    });
  });

  test('what no honest client sends is 400 and names the field: one twice in a form, a null byte', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const body of ['username=a&username=b&password=x', 'username=a%00&password=x']) {
      const error = errorOf(await dialect.api.post(tokensPath, body, { headers }));
      assert.equal(error.status, 400);
      assert.match(error.message, /username/);
    }
  });

  test('names of the language itself are unknown fields or refused, and change nothing', async () => {
    const { adminPassword: password } = dialect.server;
    const rest = `"username":"admin","password":${JSON.stringify(password)}}`;
    ok(await dialect.api.post(tokensPath, `{"constructor":1,"toString":null,"hasOwnProperty":"x",${rest}`));
    const answer = await dialect.api.post(tokensPath, `{"__proto__":{"issueRefreshToken":true},${rest}`);
    if (answer.status === 200) assert.equal(answer.body.refresh_token, undefined);
    else assert.equal(errorOf(answer).status, 400);
    assert.equal(ok(await dialect.issue()).body.refresh_token, undefined);
  });

  describe('bytes that are no request never end the server:', () => {
    const requests: readonly [name: string, bytes: string][] = [
      ['nonsense', 'hello\r\n\r\n'],
      [
        'a header that is too long',
        `GET /api/v1/auth/tokens HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
      ],
      [
        'two lengths',
        'POST /api/v1/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x',
      ],
      [
        'a length and chunks',
        'POST /api/v1/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ],
      ['a length that is none', 'POST /api/v1/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
      ['HTTP/1.1 without a host', 'GET /api/v1/auth/tokens HTTP/1.1\r\n\r\n'],
    ];
    for (const [name, bytes] of requests) {
      test(name, async () => {
        const answer = await sendRaw(dialect.server.url, bytes);
        assert.match(answer, /^(?:HTTP\/1\.1 4\d\d |$)/);
        assert.equal((await dialect.api.get('/readyz')).status, 200);
      });
    }
  });

  test('no answer names the software or its inner parts', async () => {
    const answers = [await dialect.api.get('/nothing'), await dialect.api.post(tokensPath, '{')];
    for (const { headers, text } of answers) {
      assert.equal(headers.get('x-powered-by'), null);
      assert.doesNotMatch(text, /\bat \S+:\d+|node_modules|sqlite|postgres|\.ts\b/i);
    }
  });
});
