import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminPassword, type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
before(async () => {
  fixture = await startFixture({ TESSERA_ISSUER: 'https://tokens.example.com' });
});
after(() => fixture.close());

interface Cookies {
  readonly header: string;
  readonly lines: readonly string[];
  readonly body: Record<string, unknown>;
}

async function signIn(fields: object = {}): Promise<Cookies> {
  const answer = await fixture.tokens({
    username: 'admin',
    password: adminPassword,
    cookies: true,
    ...fields,
  });
  assert.equal(answer.statusCode, 200, answer.body);
  const lines = [answer.headers['set-cookie'] ?? []].flat();
  return { header: lines.map((line) => line.split(';')[0]).join('; '), lines, body: answer.json() };
}

const renew = (header: string, headers: object = {}, body: object = {}) =>
  fixture.call('POST', '/api/v1/auth/tokens', {
    headers: { cookie: header, ...headers },
    payload: { grant_type: 'refresh_token', ...body },
  });

test('tokens come as cookies that scripts, other hosts and other sites never see, and not in the body', async () => {
  const { lines, body } = await signIn({ refresh_token_revoke_unused_in: 30 });
  assert.deepEqual(Object.keys(body), [
    'duration',
    'token_type',
    'client_id',
    'refresh_token_id',
    'refresh_token_expires_in',
  ]);
  const [jwt = '', refresh = ''] = lines;
  assert.match(jwt, /^__Host-tessera_jwt=[^;]+; Path=\/; Max-Age=300; HttpOnly; Secure; SameSite=Strict$/);
  assert.match(
    refresh,
    /^__Secure-tessera_rt=[A-Za-z0-9]{64}; Path=\/api\/v1\/auth; Max-Age=1800; HttpOnly; Secure; SameSite=Strict$/,
  );
});

test('a refresh token that does not expire has a cookie without an age', async () => {
  const { lines } = await signIn();
  assert.match(lines[1] ?? '', /^__Secure-tessera_rt=[^;]+; Path=\/api\/v1\/auth; HttpOnly;/);
});

test('without an Authorization header the cookie authenticates; a header that is bad does not fall through to it', async () => {
  const { header } = await signIn();
  const get = (headers: object) =>
    fixture.call('GET', '/api/v1/auth/self/user', { headers: { cookie: header, ...headers } });
  assert.equal((await get({})).statusCode, 200);
  for (const authorization of ['Bearer ', 'Bearer x', 'Basic eDp5', ''])
    assert.equal((await get({ authorization })).statusCode, 401, authorization);
});

test('a refresh without a token field uses the cookie and gives it again', async () => {
  const { header } = await signIn();
  const plain = await renew(header, {}, { cookies: true });
  assert.equal(plain.statusCode, 200);
  assert.equal([plain.headers['set-cookie']].flat().length, 2);
  const body = (await renew(header)).json();
  assert.ok(body.jwt, 'without cookies: true the JWT is in the body');
});

test('a changing request by cookie from a page of another origin is 403, from our own it is not', async () => {
  const { header } = await signIn();
  const change = (origin: string | undefined, host = 'localhost:80') =>
    fixture.call('PATCH', '/api/v1/auth/self/user', {
      headers: { cookie: header, host, ...(origin === undefined ? {} : { origin }) },
      payload: { nickname: 'root' },
    });
  for (const origin of [
    'https://evil.example',
    'null',
    'http://localhost:81',
    'https://localhost.evil.example',
    'x',
  ]) {
    const answer = await change(origin);
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 403], origin);
    assert.equal((await renew(header, { origin, host: 'localhost:80' })).statusCode, 403, origin);
    const revoked = await fixture.call('POST', '/api/v1/auth/revoke', {
      headers: { cookie: header, origin },
      payload: { client_id: 'x' },
    });
    assert.equal(revoked.statusCode, 403, origin);
  }
  for (const origin of [undefined, 'http://localhost', 'http://localhost:80', 'https://tokens.example.com'])
    assert.equal((await change(origin, 'localhost')).statusCode, 200, String(origin));
  const reading = await fixture.call('GET', '/api/v1/auth/self/user', {
    headers: { cookie: header, origin: 'https://evil.example' },
  });
  assert.equal(reading.statusCode, 200);
});

test('a bearer token needs no origin, whatever cookies come with it', async () => {
  const { header } = await signIn();
  const answer = await fixture.call('PATCH', '/api/v1/auth/self/user', {
    headers: { cookie: header, origin: 'https://evil.example', authorization: `Bearer ${fixture.jwt}` },
    payload: { nickname: 'root' },
  });
  assert.equal(answer.statusCode, 200);
});

test('revoking by the cookie ends the session and clears both', async () => {
  const { header, body } = await signIn();
  const answer = await fixture.call('POST', '/api/v1/auth/revoke', {
    headers: { cookie: header },
    payload: { client_id: body.client_id },
  });
  assert.deepEqual([answer.statusCode, answer.body], [204, '']);
  const lines = [answer.headers['set-cookie'] ?? []].flat();
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, /^__(Host|Secure)-tessera_\w+=; .*Max-Age=0/);
  assert.equal((await renew(header)).json().message, 'Invalid token');
});
