/** Guarantees of one exchange with a server: what is sent, what is refused, what is said. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AnswerError,
  buildPasswordGrant,
  buildRefreshGrant,
  buildRevocation,
  type Connection,
  isOneTimePasswordRequired,
  RefusedError,
  readTokens,
  Secret,
  sendRequest,
  UnreachableError,
  type WireEvent,
} from '../src/index.ts';
import {
  authorityPem,
  expiredPem,
  localhostPem,
  namelessPem,
  otherNamesPem,
  selfSignedNamelessPem,
} from './certificates.ts';
import { answerJson, listen } from './https-server.ts';

const connectionTo = (url: URL, over: Partial<Connection> = {}): Connection => ({
  url,
  verification: 'verify',
  trustedPem: authorityPem,
  timeoutMs: 5000,
  trace: null,
  ...over,
});
const get = { method: 'GET', path: '/api/v1/system/info' } as const;

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => assert.fail('it succeeded'),
    (error: Error) => error,
  );
}

test('a body goes out with its secrets in clear, and is traced with them masked', async (t) => {
  let seen = '';
  const url = await listen(t, null, async (request, response) => {
    seen = (await Array.fromAsync(request)).join('');
    answerJson({ jwt: 'aaa.bbb.ccc', refresh_token: 'r'.repeat(64), duration: 300 })(request, response);
  });
  const events: WireEvent[] = [];
  const grant = buildPasswordGrant({
    username: 'admin',
    password: new Secret('hunter22'),
    oneTimePassword: new Secret('123456'),
    domain: null,
    authDomain: null,
    refreshToken: { kind: 'issue', lifetimeMinutes: 43200, idleMinutes: null, labels: [] },
  });
  await sendRequest(connectionTo(url, { trace: (event) => void events.push(event) }), grant);
  assert.deepEqual(JSON.parse(seen), {
    grant_type: 'password',
    username: 'admin',
    password: 'hunter22',
    otp: '123456',
    issueRefreshToken: true,
    refresh_token_lifetime: 43200,
  });
  const shown = JSON.stringify(events);
  assert.equal(events.length, 2);
  for (const secret of ['hunter22', '123456', 'aaa.bbb', 'rrrr']) assert.ok(!shown.includes(secret), secret);
});

test('a path in the URL of the server goes before every path, and a query is encoded', async (t) => {
  let seen = '';
  const url = await listen(t, null, (request, response) => {
    seen = request.url ?? '';
    answerJson({})(request, response);
  });
  url.pathname = '/tessera/';
  await sendRequest(connectionTo(url), { ...get, query: { labels: 'a b,c&d' } });
  assert.equal(seen, '/tessera/api/v1/system/info?labels=a+b%2Cc%26d');
});

test("a refusal keeps the server's own object", async (t) => {
  const body = {
    code: 5,
    codeDesc: 'NCERRUnauthorizedAccess',
    message: 'One-time password required.',
    requestID: 'x',
  };
  const error = await failure(sendRequest(connectionTo(await listen(t, null, answerJson(body, 401))), get));
  assert.ok(error instanceof RefusedError);
  assert.equal(error.status, 401);
  assert.deepEqual(error.body, body);
  assert.ok(isOneTimePasswordRequired(error));
});

test('a redirect is not followed: credentials go to the server named, and nowhere else', async (t) => {
  let visits = 0;
  const elsewhere = await listen(t, null, (request, response) => {
    visits += 1;
    answerJson({})(request, response);
  });
  const url = await listen(t, null, (_, response) => {
    response.writeHead(307, { location: elsewhere.href }).end();
  });
  const error = await failure(sendRequest(connectionTo(url), { ...get, jwt: new Secret('a.b.c') }));
  assert.ok(error instanceof AnswerError);
  assert.equal(visits, 0);
});

test('something that is no Tessera server is said to be none, without repeating what it sent', async (t) => {
  const url = await listen(t, null, (_, response) => response.end('<html>secret</html>'));
  const error = await failure(sendRequest(connectionTo(url), get));
  assert.ok(error instanceof AnswerError);
  assert.ok(!error.message.includes('secret'));
});

test('an answer without end is cut off', async (t) => {
  const url = await listen(t, null, (_, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 32);
    const more = (): void => void (response.write(chunk) ? setImmediate(more) : response.once('drain', more));
    more();
  });
  const error = await failure(sendRequest(connectionTo(url), get));
  assert.match(error.message, /more than 16 MiB/);
});

test('a server that does not answer in time is given up, whether before or within its answer', async (t) => {
  const silent = await listen(t, null, () => {});
  const stalling = await listen(t, null, (_, response) => void response.write('{'));
  for (const url of [silent, stalling]) {
    const error = await failure(sendRequest(connectionTo(url, { timeoutMs: 100 }), get));
    assert.ok(error instanceof UnreachableError);
    assert.equal(error.fault, 'timeout');
    assert.equal(error.message, `Get ${url.href}api/v1/system/info: no answer within 0.1 seconds`);
  }
});

test('nothing listening is said in words', async () => {
  const error = await failure(sendRequest(connectionTo(new URL('http://127.0.0.1:1')), get));
  assert.match(error.message, /^Get http:\/\/127\.0\.0\.1:1\/api\/v1\/system\/info: connection refused/);
});

test('TLS towards a server that speaks none is named', async (t) => {
  const url = await listen(t, null, answerJson({}));
  const error = await failure(sendRequest(connectionTo(new URL(`https://${url.host}`)), get));
  assert.ok(error instanceof UnreachableError);
  assert.match(error.message, /does not speak TLS/);
});

const certificates = [
  [
    'without names',
    namelessPem,
    authorityPem,
    'certificate is not valid for any names, but wanted to match localhost',
  ],
  [
    'signed by itself, without names',
    selfSignedNamelessPem,
    null,
    'certificate is not valid for any names, but wanted to match localhost',
  ],
  [
    'for other names',
    otherNamesPem,
    authorityPem,
    'certificate is valid for a.example, b.example, 192.0.2.7, not localhost',
  ],
  ['of an unknown authority', localhostPem, null, 'certificate signed by unknown authority'],
  ['out of date', expiredPem, authorityPem, 'certificate has expired or is not yet valid'],
] as const;
for (const [what, served, trusted, reason] of certificates) {
  test(`a certificate ${what} is refused in Go's words, before a password is sent`, async (t) => {
    let requests = 0;
    const url = await listen(t, served, (request, response) => {
      requests += 1;
      answerJson({})(request, response);
    });
    const request = { method: 'POST', path: '/api/v1/auth/tokens', body: {} } as const;
    const error = await failure(sendRequest(connectionTo(url, { trustedPem: trusted }), request));
    assert.ok(error instanceof UnreachableError);
    assert.equal(error.fault, 'certificate');
    assert.equal(error.message, `Post ${url.href}api/v1/auth/tokens: x509: ${reason}`);
    assert.equal(requests, 0);
  });
}

test('a good certificate is trusted by its authority or by itself; a bad one only where nobody checks', async (t) => {
  const good = await listen(t, localhostPem, answerJson({ ok: true }));
  for (const trustedPem of [authorityPem, localhostPem]) {
    assert.equal((await sendRequest(connectionTo(good, { trustedPem }), get)).status, 200);
  }
  const bad = await listen(t, selfSignedNamelessPem, answerJson({ ok: true }));
  assert.equal((await sendRequest(connectionTo(bad, { verification: 'skip' }), get)).status, 200);
});

test('a plain refresh never asks for renewal, and a domain only if one was named', () => {
  const refreshToken = new Secret('r'.repeat(64));
  const plain = buildRefreshGrant({ refreshToken, rotation: 'keep', domain: null });
  assert.deepEqual(Object.keys(plain.body ?? {}), ['grant_type', 'refresh_token', 'issueRefreshToken']);
  const renewal = buildRefreshGrant({ refreshToken, rotation: 'renew', domain: 'finance' });
  assert.deepEqual(Object.keys(renewal.body ?? {}), [
    'grant_type',
    'refresh_token',
    'domain',
    'renew_refresh_token',
  ]);
  assert.ok(
    !JSON.stringify([plain, renewal, buildRevocation({ refreshToken, clientId: 'c' })]).includes('rrr'),
  );
});

test('an answer to a grant is read by its types, and its values are in no message', () => {
  const body = { jwt: 'a.b.c', refresh_token: null, client_id: '', duration: 300 };
  assert.throws(() => readTokens({ status: 200, body: { ...body, client_id: 7 } }), AnswerError);
  assert.throws(() => readTokens({ status: 200, body: { duration: 300 } }), /no field "jwt"/);
  assert.throws(() =>
    readTokens({ status: 200, body: { ...body, client_id: null, refresh_token_expires_in: '9' } }),
  );
  assert.equal(readTokens({ status: 200, body }).clientId, null);
});
