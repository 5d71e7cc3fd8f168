/** What a client tells: events, errors and dry runs hold none of its secrets, in whatever spelling. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { type CallResult, TokenClientError } from '../src/index.ts';
import { type AdapterParts, openAdapter, tokenPath } from './adapter-folder.ts';
import { type Reply, startApi } from './api-server.ts';

/** Characters that encodings change. */
const password = 'pä ss"w&rd/$+<é>%41';
const token = 'tok&en+with/strange="chars"%20ü';
const tokenp2 = 'second-piece-of-the-token';
const clientSecret = 'client secret {token} $&';
const refreshToken = 'refresh-token-of-the-test';

/** As JSON, URLs, forms, XML and base64 write it. */
function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret);
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const form = new URLSearchParams({ a: secret }).toString().slice(2);
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    secret,
    json,
    percent,
    percent.toLowerCase(),
    form,
    xml,
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
  ];
}

const secrets = [password, token, tokenp2, clientSecret, refreshToken].flatMap(spellings);

function assertTellsNothing(what: string, ...told: readonly unknown[]): void {
  const shown = told.map((one) => {
    const fields = one instanceof TokenClientError ? { ...one, message: one.message, stack: one.stack } : one;
    return `${inspect(one, { depth: 9 })} ${JSON.stringify(fields)} ${String(one)}`;
  });
  const found = secrets.find((secret) => shown.some((text) => text.includes(secret)));
  assert.equal(found, undefined, `${what} tells a secret`);
}

const echoes: Readonly<Record<string, (asked: string) => Reply>> = {
  'an echo of the request': (asked) => ({ status: 500, body: asked }),
  'an echo as JSON': (asked) => ({ status: 400, body: { request: asked, password, access_token: token } }),
  'an echo as base64': (asked) => ({ status: 403, body: Buffer.from(asked).toString('base64') }),
  'an echo in HTML': (asked) => ({ status: 502, body: `<html><token>${token}</token>${asked}</html>` }),
};

const placements: readonly AdapterParts['authentication'][] = [
  { auth_field: 'header.headers.Authorization', auth_field_format: 'Bearer {b64}{username}:{token}{/b64}' },
  { auth_field: 'url', auth_field_format: 'token={token}' },
  { auth_field: 'urlpath', auth_field_format: '{token}' },
  { auth_field: 'body.session', auth_field_format: '{token}{tokenp2}' },
];

for (const datatype of ['JSON', 'URLENCODE', 'URLQUERY', 'FORM', 'XML']) {
  test(`${datatype}: nothing that is told holds a secret, whatever the server echoes`, async (t) => {
    for (const [what, echo] of Object.entries(echoes)) {
      for (const [at, placing] of placements.entries()) {
        let isTokenGiven = false;
        await using api = await startApi(({ path, headers, body }) => {
          const asked = `${path} ${JSON.stringify(headers)} ${body} ${decodeURIComponent(body.replaceAll('%', '%25'))}`;
          if (!path.startsWith(tokenPath) || !isTokenGiven) return echo(asked);
          return { body: { access_token: token, p2: tokenp2, refresh_token: refreshToken } };
        });
        const { client, events } = await openAdapter(t, api.port, {
          authentication: { password, client_secret: clientSecret, auth_logging: true, ...placing },
          action: { requestDatatype: datatype },
          answer: {
            tokenp2: { type: 'string', external_name: 'p2' },
            refreshToken: { type: 'string', external_name: 'refresh_token' },
          },
        });
        const call = { method: 'POST', path: '/widgets?secret=x', body: { name: 'x' } };
        const failed = await client.request(call).catch((error: unknown) => error);
        assertTellsNothing(`${what}, token refused`, failed);
        isTokenGiven = true;
        const refused = await client.request(call).catch((error: unknown) => error);
        assert.ok(refused instanceof TokenClientError && refused.stage === 'call', String(refused));
        assertTellsNothing(`${what}, call refused, placement ${at}`, refused);
        const held = await client.tokenSource.get();
        const dry = await client.dryRun(call);
        assertTellsNothing(`${what}, the rest, placement ${at}`, events, held, dry, client);
        assert.equal(held.token.reveal(), token);
        assert.ok(
          events.some(({ kind }) => kind === 'token_request'),
          'auth_logging tells of token requests',
        );
      }
    }
  });
}

test('a dry run has the exact requests but for the secrets, and sends nothing', async (t) => {
  await using api = await startApi(() => ({ body: {} }));
  const { client } = await openAdapter(t, api.port);
  const dry = await client.dryRun({ path: '/api/{version}/widgets/42?a=1' });
  assert.deepEqual(dry.tokenRequest, {
    method: 'POST',
    url: `${api.origin}${tokenPath}`,
    headers: [
      ['Accept', '*/*'],
      ['Content-Type', 'application/json'],
      ['Content-Length', '47'],
    ],
    body: '{"user":"systemuser","passwd":"[secret]"}',
  });
  assert.deepEqual(dry.call, {
    method: 'GET',
    url: `${api.origin}/api/v1/widgets/42?a=1`,
    headers: [
      ['Accept', 'application/json'],
      ['Authorization', '[secret]'],
    ],
    body: null,
  });
  assert.match(`${dry}`, /^POST [^\n]+\nAccept: .+\n\nGET /s);
  assert.equal((await client.dryRun()).call, null);
  assert.equal(api.received.length, 0);
});

test('stub: no request at all; the token is the mock, calls answer from stubAnswers', async (t) => {
  await using api = await startApi(() => ({ body: {} }));
  const stubAnswers = {
    'GET /api/v1/widgets/42': { body: { id: 42 } },
    'GET /refused': { status: 401 },
  };
  const { client } = await openAdapter(t, api.port, { properties: { stub: true } }, { stubAnswers });
  assert.equal((await client.tokenSource.get()).token.reveal(), 'mock-token');
  const { status, body }: CallResult = await client.request({ path: '/api/{version}/widgets/42?a=1' });
  assert.deepEqual([status, body], [200, { id: 42 }]);
  assert.deepEqual(await (await client.fetch('/api/v1/widgets/42')).json(), { id: 42 });
  await assert.rejects(client.request({ path: '/refused' }), { kind: 'call_refused' });
  await assert.rejects(client.request({ path: '/else' }), { kind: 'no_mock', icode: 'AD.500' });
  assert.equal(api.received.length, 0);
});

test('healthcheck: well or not, with the token placed as in a call', async (t) => {
  let status = 200;
  await using api = await startApi(({ path }) =>
    path.startsWith(tokenPath) ? { body: { access_token: 'tok' } } : { status, body: {} },
  );
  const check = { name: 'healthcheck', protocol: 'REST', method: 'GET', entitypath: '/api/{version}/health' };
  const { client } = await openAdapter(t, api.port, { actions: [check] });
  const well = await client.healthcheck();
  assert.deepEqual([well.ok, well.status], [true, 200]);
  const seen = api.received.at(-1);
  assert.deepEqual([seen?.path, seen?.headers.authorization], ['/api/v1/health', 'tok']);
  status = 503;
  const unwell = await client.healthcheck();
  assert.deepEqual([unwell.ok, unwell.status, unwell.error?.kind], [false, 503, 'call_status']);
});
