/** What all routes share: headers, bodies, methods, and refusals that betray nothing. Spec nebularstack §3, §4; acceptance 4, 26 (headers). @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import { sendRaw } from '../harness/raw-http.ts';
import type { Method } from './call.ts';
import {
  type Account,
  assertForbidden,
  assertMalformed,
  assertUnauthorized,
  type Device,
  errorOf,
  ok,
  onEachEngine,
  unauthorized,
  withoutRequestId,
  wrongCode,
} from './dialect.ts';

onEachEngine((dialect) => {
  let acme = '';
  let ann: Account;
  let mia: Account;
  let device: Device;
  before(async () => {
    acme = await dialect.createDomain();
    ann = await dialect.createUser(acme, ['Administrator', acme]);
    mia = await dialect.createUser(acme, ['Support', acme]);
    device = await dialect.enableMfa(mia);
  });

  const logins = [
    ['v1', (account: Account, fields?: object) => dialect.v1(account, fields)],
    ['v2', (account: Account, fields?: object) => dialect.v2(account, fields)],
    [
      'v2 minimal',
      (account: Account, fields?: object) => dialect.v2(account, { type: 'minimal', ...fields }),
    ],
    ['v3', (account: Account, fields?: object) => dialect.v3(account, fields)],
  ] as const;

  describe('a login that fails', () => {
    // That the work is the same for all (a hash is computed for unknown and disabled users too) is not told by a clock
    // here: no test of this project asserts a time.
    test('is byte-identical for an unknown user, a wrong password, disabled ones and a wrong otp, in all versions (4)', async () => {
      const disabled = await dialect.createUser(acme, ['Support', acme]);
      await dialect.changeUser(disabled, { enabled: false });
      const shutDomain = await dialect.createDomain();
      const shutOut = await dialect.createUser(shutDomain, ['Support', shutDomain]);
      await dialect.changeDomain(shutDomain, { enabled: false });
      const bodies = new Set<string>();
      for (const [version, logIn] of logins) {
        const wrong = { password: 'Wrong-pass1' };
        const answers: [name: string, answer: Answer][] = [
          ['unknown user', await logIn({ ...ann, username: 'nobody-here' })],
          ['unknown domain', await logIn({ ...ann, domain: 'nowhere.example' })],
          ['wrong password', await logIn({ ...ann, ...wrong })],
          ['empty password', await logIn({ ...ann, password: '' })],
          [
            'another letter case of the password',
            await logIn({ ...ann, password: ann.password.toLowerCase() }),
          ],
          ['disabled user', await logIn(disabled)],
          ['disabled home domain', await logIn(shutOut)],
          ['user of another domain', await logIn({ ...ann, domain: shutDomain })],
          ['wrong password of who has a second factor', await logIn({ ...mia, ...wrong })],
          ['wrong password, right otp', await logIn({ ...mia, ...wrong }, { otp: device.fresh() })],
        ];
        if (version !== 'v2 minimal') {
          answers.push(['wrong otp', await logIn(mia, { otp: wrongCode(device) })]);
          answers.push(['otp of letters', await logIn(mia, { otp: 'abcdef' })]);
        }
        for (const [name, answer] of answers) {
          assert.deepEqual(errorOf(answer), unauthorized, `${version}, ${name}`);
          assert.equal(answer.headers.get('x-expired-token'), null);
          assert.equal(answer.headers.get('retry-after'), null);
          bodies.add(withoutRequestId(answer));
        }
      }
      assert.equal(bodies.size, 1, [...bodies].join('\n'));
    });
  });

  describe('a body', () => {
    test('is JSON and an object, whatever the content type says', async () => {
      const fields = { username: ann.username, domain: acme, password: ann.password };
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json',
        'what/ever',
      ]) {
        const headers = { 'content-type': type };
        for (const version of ['v1', 'v2', 'v3']) {
          ok(await dialect.call('POST', `/${version}/token`, { body: fields, headers }));
        }
      }
      for (const body of [
        '',
        '[]',
        '"text"',
        '5',
        'null',
        '{',
        `username=${ann.username}`,
        '{"a":1}{}',
        '\u0000',
      ]) {
        for (const version of ['v1', 'v2', 'v3']) {
          const answer = await dialect.call('POST', `/${version}/token`, { body });
          assert.equal(errorOf(answer).status, 400, `${version} ${JSON.stringify(body)}`);
        }
      }
    });

    test('that is very large is refused with the error body', async () => {
      const body = { username: ann.username, domain: acme, password: 'x'.repeat(1_000_000) };
      const { status } = errorOf(await dialect.call('POST', '/v1/token', { body }));
      assert.ok(status === 400 || status === 413, String(status));
    });
  });

  describe('an unknown path or method', () => {
    test('is 404, or 405 with Allow, and has the error body', async () => {
      const unknown: readonly [Method, string][] = [
        ['GET', '/v1/nothing'],
        ['POST', '/v2/token/more'],
        ['GET', '/v3/nothing'],
      ];
      for (const [method, path] of unknown) {
        assert.equal(errorOf(await dialect.call(method, path)).status, 404, path);
      }
      const unsupported: readonly [Method, string, allowed: readonly string[]][] = [
        ['DELETE', '/v1/token', ['GET', 'PATCH', 'POST', 'PUT']],
        ['GET', '/v2/token', ['PATCH', 'POST', 'PUT']],
        ['PATCH', '/v3/token', ['DELETE', 'POST']],
        ['PUT', '/v3/token', ['DELETE', 'POST']],
        ['PUT', '/v1/users', ['GET']],
      ];
      for (const [method, path, allowed] of unsupported) {
        const answer = await dialect.call(method, path);
        assert.equal(errorOf(answer).status, 405, `${method} ${path}`);
        const allow = (answer.headers.get('allow') ?? '').split(/\s*,\s*/);
        for (const name of allowed) assert.ok(allow.includes(name), `${method} ${path}: ${allow}`);
        assert.ok(!allow.includes(method));
      }
    });
  });

  test('a path that is badly encoded is refused with the error body', async () => {
    const { token } = ok(await dialect.v1(ann)).body;
    for (const path of ['/v1/user/%E0%A4%A', '/v1/domain/%ff', '/v2/%', '/v3/%zz']) {
      assert.equal(errorOf(await dialect.call('GET', path, { token })).status, 400, path);
    }
  });

  test('texts that no database or no reader can hold are refused, never a fault', async () => {
    const token = await dialect.operator();
    const { token: own, refresh_token: refreshToken } = ok(await dialect.v2(ann)).body;
    const password = 'Some-new-pass1';
    for (const text of ['a\u0000b', '\ud800', 'x'.repeat(20_000), '\u202e', ' ', '']) {
      const answers = [
        ...(await Promise.all(
          ['username', 'domain', 'tenant_id', 'otp'].map((name) => dialect.v1({ ...mia }, { [name]: text })),
        )),
        await dialect.v3(mia, { username: text }),
        await dialect.call('PATCH', '/v2/token', {
          token: own,
          body: { domain: text, refresh_token: refreshToken },
        }),
        await dialect.call('POST', '/v1/user', {
          token,
          body: { username: text, domain: acme, password },
        }),
        await dialect.call('PATCH', `/v1/user/${ann.id}`, { token, body: { email: text } }),
        await dialect.call('POST', '/v1/tenant', { token, body: { name: text, domain: acme } }),
        await dialect.call('POST', '/v1/domain', { token, body: { name: text } }),
        await dialect.call('GET', `/v1/user/${encodeURIComponent(`x${text.toWellFormed().slice(0, 50)}`)}`, {
          token,
        }),
      ];
      for (const answer of answers) {
        const { status } = answer;
        assert.ok([400, 401, 403].includes(status), `${JSON.stringify(text).slice(0, 12)}: ${status}`);
        errorOf(answer);
      }
      // Else the wrong ones add up to a lock of the name.
      dialect.advance(2 * 3_600_000);
    }
  });

  describe('the token header', () => {
    const routes: readonly [Method, string][] = [
      ['GET', '/v1/token'],
      ['PUT', '/v1/token'],
      ['PATCH', '/v1/token'],
      ['PUT', '/v2/token'],
      ['PATCH', '/v2/token'],
      ['DELETE', '/v3/token'],
      ['GET', '/v1/users'],
      ['GET', '/v1/tenants'],
      ['GET', '/v1/domains'],
      ['GET', '/v1/access'],
      ['POST', '/v1/mfa'],
      ['PUT', '/v1/password'],
    ];
    const bodyFor = (path: string): object =>
      path === '/v2/token'
        ? { domain: acme, refresh_token: 'r'.repeat(64) }
        : { domain: acme, password: 'x' };
    const plain = (method: Method, path: string): { body?: object } =>
      method === 'GET' || method === 'DELETE' || (method === 'PUT' && path === '/v1/token')
        ? {}
        : {
            body: {
              ...bodyFor(path),
              ...(path === '/v1/password' ? { new_password: 'Some-new-pass1' } : {}),
            },
          };

    for (const [method, path] of routes) {
      test(`missing or holding no token of ours is the one 401 at ${method} ${path}`, async () => {
        assertUnauthorized(await dialect.call(method, path, plain(method, path)));
        for (const token of ['x', 'a.b.c', `${'e'.repeat(300)}`]) {
          assertUnauthorized(await dialect.call(method, path, { token, ...plain(method, path) }));
        }
      });

      test(`twice, joined by a comma, or empty is 400 at ${method} ${path} (26)`, async () => {
        const { token } = ok(await dialect.v1(ann)).body;
        const { host } = new URL(dialect.server.url);
        const body = JSON.stringify(plain(method, path).body ?? '');
        const sent = body === '""' ? '' : body;
        const headerSets = [
          [`X-Auth-Token: ${token}`, `X-Auth-Token: ${token}`],
          [`X-Auth-Token: ${token}`, 'x-auth-token: x'],
          [`X-Auth-Token: ${token},${token}`],
          [`X-Auth-Token: ${token}, x`],
          ['X-Auth-Token:'],
          ['X-Auth-Token: '],
        ];
        for (const headers of headerSets) {
          const head = [
            `${method} ${path} HTTP/1.1`,
            `Host: ${host}`,
            ...headers,
            `Content-Length: ${sent.length}`,
            'Connection: close',
          ];
          const answer = await sendRaw(dialect.server.url, `${head.join('\r\n')}\r\n\r\n${sent}`);
          assert.match(answer, /^HTTP\/1\.1 400 /, `${headers.length} ${headers[0]?.length}`);
          assert.match(answer, /\r\n\r\n\{"error":\{/);
        }
      });
    }
  });

  test('each token route takes tokens of its own version alone: others are 403 (H11)', async () => {
    const tokens = [
      ok(await dialect.v1(ann)).body.token,
      ok(await dialect.v2(ann)).body.token,
      ok(await dialect.v3(ann)).body.token,
    ];
    const { refresh_token: refreshToken } = ok(await dialect.v2(ann)).body;
    const routes: readonly [version: number, Method, body: object | undefined][] = [
      [1, 'GET', undefined],
      [1, 'PUT', undefined],
      [1, 'PATCH', { domain: acme }],
      [2, 'PUT', { refresh_token: refreshToken }],
      [2, 'PATCH', { domain: acme, refresh_token: refreshToken }],
      [2, 'PATCH', { domain: acme, password: ann.password }],
      [3, 'DELETE', undefined],
    ];
    for (const [version, method, body] of routes) {
      for (const [at, token] of tokens.entries()) {
        if (at + 1 === version) continue;
        assertForbidden(await dialect.call(method, `/v${version}/token`, { token, ...(body && { body }) }));
      }
    }
    const headers = { 'X-Domain': acme };
    for (const token of tokens) ok(await dialect.call('GET', '/v1/users', { token, headers }));
  });

  test('a malformed request is told by its field, before anybody’s credentials are looked at (E1)', async () => {
    for (const [version, logIn] of logins) {
      const answer = await logIn({ ...ann, username: 'nobody-here' }, { tenant_id: 5 });
      if (version !== 'v3') assertMalformed(answer, /tenant_id/);
    }
    assertMalformed(await dialect.v2(ann, { type: 'huge' }), /type/, ann.password);
    assertMalformed(await dialect.v3(ann, { domain: undefined }), /domain/, ann.password);
  });

  test('nothing on these routes reads or sets a cookie; answers with tokens are not stored', async () => {
    for (const [, logIn] of logins) {
      const { headers } = ok(await logIn(ann));
      assert.equal(headers.get('set-cookie'), null);
      assert.equal(headers.get('cache-control'), 'no-store');
    }
    const { token } = ok(await dialect.v1(ann)).body;
    const cookie = `X-Auth-Token=${token}; token=${token}; jwt=${token}; kylo_api=${token}`;
    assertUnauthorized(await dialect.call('GET', '/v1/users', { headers: { cookie } }));
    const bearer = { authorization: `Bearer ${token}` };
    assertUnauthorized(await dialect.call('GET', '/v1/users', { headers: bearer }));
  });
});
