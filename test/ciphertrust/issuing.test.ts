/** Issuing: what `POST /auth/tokens` accepts and answers. Spec ciphertrust §1, §2, §5; acceptance 1–3, 5, 9. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import {
  decodeJwt,
  errorOf,
  ok,
  onEachEngine,
  readGrant,
  refreshTokenForm,
  rootDomainId,
  tokensPath,
  uuidForm,
} from './dialect.ts';

const bare = ['jwt', 'duration', 'token_type'];
const withRefreshToken = [...bare, 'refresh_token', 'client_id', 'refresh_token_id'];

function keysOf(answer: Answer): string[] {
  return Object.keys(ok(answer).body).toSorted();
}

onEachEngine((dialect) => {
  describe('a sign-in is understood, without a redirect,', () => {
    const asJson = { 'content-type': 'application/json; charset=utf-8' };
    const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const path of [tokensPath, `${tokensPath}/`, '/api//v1/auth///tokens']) {
      test(`as JSON, as a form and as JSON that is labelled a form, at ${path}`, async () => {
        const { adminPassword: password } = dialect.server;
        const json = JSON.stringify({ name: 'admin', password });
        const form = new URLSearchParams({ grant_type: 'password', username: 'admin', password }).toString();
        for (const [body, headers] of [
          [json, asJson],
          [form, asForm],
          [` ${json}`, asForm],
        ] as const) {
          const answer = ok(await dialect.api.post(path, body, { headers }));
          assert.deepEqual(keysOf(answer), bare.toSorted());
        }
      });
    }

    test('with `name` for `username`; with both, `username` wins', async () => {
      const password = dialect.server.adminPassword;
      ok(await dialect.api.post(tokensPath, { name: 'admin', password }));
      ok(await dialect.api.post(tokensPath, { name: 'nobody', username: 'admin', password }));
    });

    test('whatever the letter case of the name, and with the connection before it', async () => {
      const password = dialect.server.adminPassword;
      ok(await dialect.api.post(tokensPath, { username: 'ADMIN', password }));
      const username = 'local_account|admin';
      ok(await dialect.api.post(tokensPath, { username, password, connection: 'elsewhere' }));
    });

    test('whatever `Authorization` says: an empty Bearer, an old token, nonsense', async () => {
      const jwt = await dialect.jwt();
      for (const authorization of ['Bearer ', 'Bearer', `Bearer ${jwt}x`, 'Basic eDp5', '?']) {
        const { adminPassword: password } = dialect.server;
        ok(
          await dialect.api.post(tokensPath, { username: 'admin', password }, { headers: { authorization } }),
        );
      }
    });

    test('with null and empty text for absent fields, and with fields nobody knows', async () => {
      const fields = {
        domain: null,
        auth_domain: '',
        connection: null,
        labels: null,
        otp: '',
        extra: { a: [1] },
      };
      assert.deepEqual(
        keysOf(await dialect.issue({ ...fields, refresh_token: '', grant_type: '' })),
        bare.toSorted(),
      );
    });

    test('with booleans as text in any letter case and numbers as text', async () => {
      const answer = await dialect.issue({ issueRefreshToken: 'True', refresh_token_lifetime: '60' });
      assert.equal(readGrant(answer).expiresInSeconds, 3600);
      assert.deepEqual(keysOf(await dialect.issue({ issueRefreshToken: 'FALSE' })), bare.toSorted());
    });

    test('for the root domain by its name and by its id', async () => {
      for (const domain of ['root', rootDomainId]) ok(await dialect.issue({ domain, auth_domain: domain }));
    });
  });

  test('password alone brings exactly a JWT, its 300 seconds and "Bearer", not to be stored', async () => {
    const { body, headers } = ok(await dialect.issue());
    assert.deepEqual({ ...body, jwt: '' }, { jwt: '', duration: 300, token_type: 'Bearer' });
    assert.match(headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  describe('a refresh token comes', () => {
    const askedBy: readonly object[] = [
      { issueRefreshToken: true },
      { issue_refresh_token: true },
      { refresh_token_lifetime: 1 },
      { refresh_token_revoke_unused_in: 1 },
      { labels: ['myapp', 'cli'] },
      { labels: 'myapp,cli' },
    ];
    for (const fields of askedBy) {
      test(`with ${JSON.stringify(fields)}`, async () => {
        const { body } = ok(await dialect.issue(fields));
        assert.match(body.refresh_token, refreshTokenForm);
        assert.match(body.client_id, uuidForm);
        assert.equal(body.refresh_token_id, body.client_id);
      });
    }

    const notAskedBy: readonly object[] = [
      { labels: [] },
      { labels: '' },
      { refresh_token_lifetime: 0, refresh_token_revoke_unused_in: 0 },
      { issueRefreshToken: false, labels: ['x'], refresh_token_lifetime: 60 },
      { renew_refresh_token: true },
    ];
    for (const fields of notAskedBy) {
      test(`not with ${JSON.stringify(fields)}`, async () => {
        assert.deepEqual(keysOf(await dialect.issue(fields)), bare.toSorted());
      });
    }

    test('with the nearer of idle limit and lifetime as its seconds, and without them when it never expires', async () => {
      const secondsFor = async (fields: object): Promise<unknown> =>
        readGrant(await dialect.issue({ issueRefreshToken: true, ...fields })).expiresInSeconds;
      assert.equal(await secondsFor({}), undefined);
      assert.equal(
        await secondsFor({ refresh_token_lifetime: 120, refresh_token_revoke_unused_in: 60 }),
        3600,
      );
      assert.equal(
        await secondsFor({ refresh_token_lifetime: 30, refresh_token_revoke_unused_in: 60 }),
        1800,
      );
    });
  });

  test('with `cookies` the tokens come as cookies only, which authenticate, refresh and revoke', async () => {
    const answer = ok(await dialect.issue({ cookies: true, refresh_token_revoke_unused_in: 30 }));
    assert.deepEqual(
      keysOf(answer),
      ['duration', 'token_type', 'client_id', 'refresh_token_id', 'refresh_token_expires_in'].toSorted(),
    );
    const cookies = answer.headers.getSetCookie();
    assert.equal(cookies.length, 2);
    const [jwtCookie = '', refreshCookie = ''] = cookies.toSorted();
    assert.match(jwtCookie, /^__Host-tessera_jwt=[\w.-]+;/);
    assert.match(refreshCookie, /^__Secure-tessera_rt=[A-Za-z0-9]{64};/);
    assert.deepEqual(attributesOf(jwtCookie), [
      'HttpOnly',
      'Max-Age=300',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    assert.deepEqual(attributesOf(refreshCookie), [
      'HttpOnly',
      'Max-Age=1800',
      'Path=/api/v1/auth',
      'SameSite=Strict',
      'Secure',
    ]);

    const cookie = cookies.map((text) => text.split(';')[0]).join('; ');
    ok(await dialect.api.get('/api/v1/auth/self/user', { headers: { cookie } }));
    const refreshed = await dialect.api.post(
      tokensPath,
      { grant_type: 'refresh_token', cookies: true },
      { headers: { cookie } },
    );
    assert.equal(ok(refreshed).body.jwt, undefined);
    assert.ok(refreshed.headers.getSetCookie().some((text) => text.startsWith('__Host-tessera_jwt=')));

    const foreign = await dialect.api.post(
      '/api/v1/auth/rotate-auth-key',
      {},
      { headers: { cookie, origin: 'https://evil.example' } },
    );
    assert.equal(foreign.status, 403);

    const clientId = answer.body.client_id;
    const revoked = await dialect.api.post(
      '/api/v1/auth/revoke',
      { client_id: clientId },
      { headers: { cookie } },
    );
    assert.equal(revoked.status, 204, revoked.text);
    assert.equal(revoked.headers.getSetCookie().length, 2);
    const after = await dialect.api.get('/api/v1/auth/self/user', { headers: { cookie } });
    assert.equal(after.status, 401);
  });

  test('the JWT has the claims of the spec in their order, and names its session, key and account', async () => {
    const answer = await dialect.issue({ issueRefreshToken: true });
    const { header, claims } = decodeJwt(ok(answer).body.jwt);
    assert.deepEqual({ ...header, kid: '' }, { alg: 'ES256', typ: 'JWT', kid: '' });
    assert.ok(header.kid.length > 0);
    assert.deepEqual(Object.keys(claims), [
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
    ]);
    assert.match(claims.aud, uuidForm);
    assert.match(claims.sub, /^local\|[0-9a-f-]{36}$/);
    assert.equal(claims.iss, dialect.server.url);
    assert.equal(claims.acc, 'kylo');
    assert.equal(claims.preferred_username, 'admin');
    assert.deepEqual(claims.cust, { groups: ['admin'] });
    assert.equal(claims.exp - claims.iat, 300);
    assert.match(claims.jwtid, uuidForm);
    assert.equal(claims.jti, claims.jwtid);
    assert.equal(claims.sid, answer.body.client_id);
  });

  test('every sign-in has a session and a JWT of its own, with the same audience and subject', async () => {
    const [one, other] = await Promise.all([dialect.grant(), dialect.grant()]);
    const [first, second] = [decodeJwt(one.jwt).claims, decodeJwt(other.jwt).claims];
    assert.notEqual(first.sid, second.sid);
    assert.notEqual(first.jti, second.jti);
    assert.deepEqual([first.aud, first.sub], [second.aud, second.sub]);
  });

  describe('refused, with the field named:', () => {
    const refused: readonly [fields: object, status: number, code: number, named: RegExp][] = [
      [{ grant_type: 'client_credential' }, 400, 9, /grant_type/],
      [{ grant_type: 'user_certificate' }, 400, 9, /grant_type/],
      [{ grant_type: 'magic' }, 400, 9, /grant_type/],
      [{ refresh_token_lifetime: -1 }, 400, 9, /refresh_token_lifetime/],
      [{ refresh_token_lifetime: 1.5 }, 400, 9, /refresh_token_lifetime/],
      [{ refresh_token_revoke_unused_in: 'soon' }, 400, 9, /refresh_token_revoke_unused_in/],
      [{ issueRefreshToken: 'perhaps' }, 400, 9, /issueRefreshToken/],
      [{ username: '' }, 400, 15, /username/],
      [{ password: null }, 400, 15, /password/],
      [{ grant_type: 'refresh_token' }, 400, 15, /refresh_token/],
    ];
    for (const [fields, status, code, named] of refused) {
      test(JSON.stringify(fields), async () => {
        const error = errorOf(await dialect.issue(fields));
        assert.deepEqual([error.status, error.code], [status, code]);
        assert.match(error.message, named);
      });
    }
  });

  for (const fields of [
    { labels: [1] },
    { labels: {} },
    { username: ['admin'] },
    { password: 5 },
    { domain: [] },
  ]) {
    test(`a value of another type is 400 and names the field: ${JSON.stringify(fields)}`, async () => {
      const error = errorOf(await dialect.issue(fields));
      assert.equal(error.status, 400);
      assert.match(error.message, new RegExp(Object.keys(fields)[0] ?? ''));
    });
  }

  test('credentials in the query are never read', async () => {
    const query = new URLSearchParams({ username: 'admin', password: dialect.server.adminPassword });
    const answer = await dialect.api.post(`${tokensPath}?${query}`, {});
    assert.deepEqual([answer.status, answer.body.code], [400, 15]);
  });

  test('with ISSUE_REFRESH_TOKEN_BY_DEFAULT six keys come unasked, and a refresh echoes the same token', async () => {
    // As clients send it that write booleans as Python does.
    await dialect.setProperty('ISSUE_REFRESH_TOKEN_BY_DEFAULT', 'True');
    const issued = await dialect.issue();
    assert.deepEqual(keysOf(issued), withRefreshToken.toSorted());
    const refreshed = ok(await dialect.refresh(issued.body.refresh_token));
    for (const key of ['refresh_token', 'refresh_token_id', 'client_id']) {
      assert.equal(refreshed.body[key], issued.body[key]);
    }
    assert.deepEqual(keysOf(await dialect.issue({ issueRefreshToken: false })), bare.toSorted());
    await dialect.setProperty('ISSUE_REFRESH_TOKEN_BY_DEFAULT', 'false');
    assert.deepEqual(keysOf(await dialect.refresh(issued.body.refresh_token)), bare.toSorted());
    assert.deepEqual(keysOf(await dialect.issue()), bare.toSorted());
  });
});

function attributesOf(cookie: string): string[] {
  return cookie
    .split(';')
    .slice(1)
    .map((attribute) => attribute.trim())
    .toSorted();
}
