/** Clients without an adapter: OAuth 2.0, static tokens, and requests written out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigurationError, createTokenClient, Secret, type TokenClientConfig } from '../src/index.ts';
import { type ApiServer, type Reply, startApi } from './api-server.ts';
import { failureOf } from './failure-of.ts';

const call = { path: '/widgets' };

/** Gives `tokenReply` at `/token`, and shows what else it was sent. */
const startOAuth = (tokenReply: Reply): Promise<ApiServer> =>
  startApi(({ path, headers }) =>
    path.startsWith('/token') ? tokenReply : { body: { authorization: headers.authorization ?? null } },
  );

const granted: Reply = { body: { access_token: 'at', token_type: 'bearer', expires_in: 3600 } };

async function asked(
  token: (url: string) => TokenClientConfig['token'],
  more: Partial<TokenClientConfig> = {},
): Promise<{ readonly request: string; readonly headers: Record<string, unknown>; readonly sent: unknown }> {
  await using api = await startOAuth(granted);
  const client = createTokenClient({
    timeoutMs: 20_000,
    baseUrl: api.origin,
    token: token(`${api.origin}/token`),
    ...more,
  });
  const { body } = await client.request(call);
  await client.close();
  const [request] = api.received;
  return {
    request: `${request?.method} ${request?.path} ${request?.body}`,
    headers: { ...request?.headers },
    sent: body,
  };
}

test('client credentials: id and secret form-encoded in the header, scope and resource in the form', async () => {
  const { request, headers, sent } = await asked((url) => ({
    kind: 'client-credentials',
    url,
    clientId: 'me & you',
    clientSecret: new Secret('a+b c:d%'),
    scope: 'read write',
    resource: 'https://api.example/',
  }));
  assert.equal(
    request,
    'POST /token grant_type=client_credentials&scope=read%20write&resource=https%3A%2F%2Fapi.example%2F',
  );
  const decoded = Buffer.from(String(headers.authorization).replace('Basic ', ''), 'base64').toString();
  assert.equal(decoded, 'me+%26+you:a%2Bb+c%3Ad%25');
  assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
  assert.deepEqual(sent, { authorization: 'Bearer at' });
});

test('client credentials in the body, and a public client that only names itself', async () => {
  const client = { clientId: 'me', clientSecret: 's3', clientAuth: 'body' } as const;
  const inBody = await asked((url) => ({ kind: 'client-credentials', url, ...client }));
  assert.equal(inBody.request, 'POST /token grant_type=client_credentials&client_id=me&client_secret=s3');
  assert.equal(inBody.headers.authorization, undefined);
  const named = await asked((url) => ({
    kind: 'password',
    url,
    username: 'ada',
    password: 'p&w',
    clientId: 'app',
  }));
  assert.equal(named.request, 'POST /token grant_type=password&username=ada&password=p%26w&client_id=app');
  assert.equal(named.headers.authorization, undefined);
});

test('an OAuth answer of another token type, or none at all, is an error', async (t) => {
  for (const [body, kind] of [
    [{ access_token: 'at', token_type: 'mac' }, 'token_wrong_type'],
    [{ token: 'elsewhere' }, 'token_missing'],
  ] as const) {
    await using api = await startOAuth({ body });
    const token = {
      kind: 'client-credentials',
      url: `${api.origin}/token`,
      clientId: 'a',
      clientSecret: 'b',
    } as const;
    const client = createTokenClient({ timeoutMs: 20_000, baseUrl: api.origin, token });
    t.after(() => client.close());
    assert.equal((await failureOf(client.request(call))).kind, kind);
    assert.equal(api.count('/widgets'), 0);
  }
});

test('a static token goes into each call; refused, the call ends with the refusal it has', async (t) => {
  await using api = await startApi(({ path, headers }) =>
    path === '/no' ? { status: 401 } : { body: headers['x-key'] },
  );
  const client = createTokenClient({
    timeoutMs: 20_000,
    baseUrl: api.origin,
    token: { kind: 'static', token: 'k-1' },
    place: { field: 'header.headers.X-Key' },
  });
  t.after(() => client.close());
  assert.equal((await client.request(call)).body, 'k-1');
  const error = await failureOf(client.request({ path: '/no' }));
  assert.deepEqual([error.kind, error.attempts], ['call_refused', 1]);
  assert.equal(api.received.length, 2);
});

test('a request written out: method, URL, headers, fields, data types, and where the token is', async () => {
  const urlencoded = await asked(
    (url) => ({
      kind: 'request',
      url: `${url}?tenant=a`,
      method: 'put',
      username: 'ada',
      password: 'p w',
      headers: { 'X-Client': 'us', Accept: '*/*' },
      fields: { user: '{username}', secret: '{password}', device: 'none' },
      requestDatatype: 'URLENCODE',
    }),
    {
      place: [
        { field: 'header.headers.X-Token', format: 'T {token}' },
        { field: 'header.auth', format: '{username}:{token}' },
      ],
    },
  );
  assert.equal(urlencoded.request, 'PUT /token?tenant=a user=ada&secret=p%20w&device=none');
  assert.deepEqual([urlencoded.headers.accept, urlencoded.headers['x-client']], ['*/*', 'us']);
  assert.deepEqual(urlencoded.sent, { authorization: `Basic ${Buffer.from('ada:at').toString('base64')}` });

  await using api = await startApi(({ path, headers }) =>
    path === '/token'
      ? {
          body: '<r><a>one</a></r>',
          headers: { 'set-cookie': ['sid=abc%20; Path=/; HttpOnly'], 'x-next': 'two' },
        }
      : { body: headers.cookie ?? headers.authorization },
  );
  for (const [answer, cookie] of [
    [{ token: 'cookie:sid' }, 'abc%20'],
    [{ token: 'header:X-Next' }, 'two'],
    [{ datatype: 'XML2JSON', token: 'r.a' }, 'one'],
    [{ datatype: 'PLAIN', token: 'all' }, '<r><a>one</a></r>'],
  ] as const) {
    const client = createTokenClient({
      timeoutMs: 20_000,
      baseUrl: api.origin,
      lifetime: 'per-call',
      token: { kind: 'request', method: 'GET', url: `${api.origin}/token`, answer },
      place: { field: 'header.headers.Cookie', format: 's={token}' },
    });
    assert.equal((await client.request(call)).body, `s=${cookie}`);
    await client.close();
  }
});

/** Why no client can be made of it. */
function problemsOf(config: TokenClientConfig): ConfigurationError['problems'] {
  try {
    createTokenClient(config);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.problems;
  }
  assert.fail('a client was made');
}

test('everything that is wrong in a configuration is told at once, with its place and cure', () => {
  const wrong = {
    baseUrl: 'ftp://x',
    token: { kind: 'client-credentials', url: 'nowhere', clientId: '', clientSecret: '' },
    place: { field: 'somewhere' },
    lifetime: -5,
    repeats: 1.5,
    refusedStatus: [200],
    timeoutMs: 0,
    cache: { get: async () => null, set: async () => {}, delete: async () => {} },
  } as unknown as TokenClientConfig;
  const problems = problemsOf(wrong);
  assert.deepEqual(
    problems.map(({ pointer }) => pointer),
    [
      '/baseUrl',
      '/cacheSecret',
      '/lifetime',
      '/place',
      '/refusedStatus',
      '/repeats',
      '/timeoutMs',
      '/token/clientId',
      '/token/clientSecret',
      '/token/url',
    ],
  );
  assert.ok(problems.every(({ cure, severity }) => cure !== '' && severity === 'error'));
  for (const token of [
    undefined,
    null,
    {},
    { kind: 'pigeon' },
    { kind: 'tessera', dialect: 'latin', url: 'http://x' },
    { kind: 'refresh-token', url: 'http://x' },
  ]) {
    assert.throws(
      () =>
        createTokenClient({ timeoutMs: 20_000, baseUrl: 'http://x', token } as unknown as TokenClientConfig),
      ConfigurationError,
    );
  }
});

test('a credential that a request wants and does not have is missing before anything is sent', () => {
  const request = { kind: 'request', url: 'https://login.example/token', username: 'ada' } as const;
  const wanting: readonly (readonly [object, readonly string[]])[] = [
    [{ password: undefined }, ['/token/password']],
    [{ fields: { pw: '{password}', app: '{client_id}' } }, ['/token/clientId', '/token/password']],
    [
      { headers: { Authorization: 'Basic {b64}{client_id}:{client_secret}{/b64}' }, clientId: 'a' },
      ['/token/clientSecret'],
    ],
  ];
  for (const [more, pointers] of wanting) {
    const config = { baseUrl: 'https://api.example', token: { ...request, ...more } } as TokenClientConfig;
    assert.deepEqual(
      problemsOf(config).map(({ pointer }) => pointer),
      pointers,
    );
  }
});

test('plain HTTP to another machine is warned of; a query has no place in baseUrl', async () => {
  const token = {
    kind: 'client-credentials',
    url: 'http://login.example/t?a=b',
    clientId: 'a',
    clientSecret: 'b',
  } as const;
  const client = createTokenClient({ baseUrl: 'http://api.example/v1', token });
  assert.deepEqual(
    client.warnings.map(({ pointer, cure }) => [pointer, cure]),
    [
      ['/baseUrl', 'use https'],
      ['/token/url', 'use https'],
    ],
  );
  await client.close();
  const local = createTokenClient({
    baseUrl: 'http://127.0.0.1:1',
    token: { ...token, url: 'http://[::1]:1/t' },
  });
  assert.deepEqual(local.warnings, []);
  await local.close();
  for (const end of ['?a=b', '#c']) {
    const config = { baseUrl: `https://api.example/${end}`, token };
    assert.throws(() => createTokenClient(config), ConfigurationError);
  }
});

test('each body of a call goes as what it is', async () => {
  await using api = await startOAuth(granted);
  const client = createTokenClient({ baseUrl: api.origin, token: { kind: 'static', token: 't' } });
  const bodies: readonly (readonly [unknown, string, string | undefined])[] = [
    [{ a: 1 }, '{"a":1}', 'application/json'],
    [[1], '[1]', 'application/json'],
    [5, '5', 'application/json'],
    [false, 'false', 'application/json'],
    ['text', 'text', 'text/plain;charset=UTF-8'],
    [new URLSearchParams({ a: 'b' }), 'a=b', 'application/x-www-form-urlencoded;charset=UTF-8'],
    [Buffer.from('raw'), 'raw', undefined],
    [new Blob(['blob']), 'blob', undefined],
    [null, '', undefined],
  ];
  for (const [body, sent, type] of bodies) {
    await client.request({ method: 'POST', path: '/w', body: body as object });
    const { body: received, headers } = api.received.at(-1) ?? assert.fail();
    assert.deepEqual([String(received), headers['content-type']], [sent, type]);
  }
  await client.close();
});

test('a secret in a vault is read anew for every token', async (t) => {
  await using api = await startApi(({ path, body }) =>
    path === '/token'
      ? { body: { access_token: new URLSearchParams(body).get('client_secret') } }
      : { body: 'ok' },
  );
  let stored: string | null = 'first';
  const client = createTokenClient({
    timeoutMs: 20_000,
    baseUrl: api.origin,
    token: {
      kind: 'client-credentials',
      url: `${api.origin}/token`,
      clientId: 'a',
      clientSecret: '{vault}team#api',
      clientAuth: 'body',
    },
    vaults: { team: { get: async (name) => (name === 'api' ? stored : null) } },
  });
  t.after(() => client.close());
  const first = await client.tokenSource.get();
  assert.equal(first.token.reveal(), 'first');
  stored = 'second';
  client.tokenSource.refuse(first);
  assert.equal((await client.tokenSource.get()).token.reveal(), 'second');
  stored = null;
  assert.equal((await failureOf(client.tokenSource.get())).kind, 'secret_unavailable');
});
