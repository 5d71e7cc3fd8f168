/** Adapters whose system hands out refresh tokens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AdapterParts, openAdapter } from './adapter-folder.ts';
import { clockAtZero } from './clock.ts';
import { failureOf } from './failure-of.ts';
import { startTokenApi } from './token-api.ts';

const call = { path: '/widgets' };
const renewPath = '/api/v1/authentication/signin/renew';

function withRefresh(tokenTimeoutMs: number): AdapterParts {
  return {
    authentication: {
      refresh_token_request: {
        requestFields: { grant_type: 'refresh_token', 'header.X-Tenant': 'a', 'query.q': '1' },
        refresh_token: { placement: 'body', token_timeout: tokenTimeoutMs },
      },
    },
    answer: { refreshToken: { type: 'string', external_name: 'refresh_token' } },
    actions: [
      {
        name: 'getRefreshToken',
        protocol: 'REST',
        method: 'POST',
        entitypath: '/api/{version}/authentication/signin/renew',
        requestSchema: 'schemaRefreshReq.json',
        responseSchema: 'schemaTokenResp.json',
      },
    ],
    files: {
      'schemaRefreshReq.json': JSON.stringify({
        type: 'object',
        translate: true,
        dynamicfields: true,
        properties: {
          refreshToken: { type: 'string', external_name: 'refresh_token' },
          grant_type: { type: 'string' },
        },
      }),
    },
  };
}

interface Renewing {
  readonly api: Awaited<ReturnType<typeof startTokenApi>>;
  readonly asked: () => string[];
  renewals: 'granted' | 'refused';
}

async function startRenewing(): Promise<Renewing> {
  const renewing: Renewing = {
    api: await startTokenApi({
      tokenReply: (number, { path }) =>
        path.startsWith(renewPath) && renewing.renewals === 'refused'
          ? { status: 400, body: { error: 'invalid_grant' } }
          : { body: { access_token: `tok-${number}`, refresh_token: `RT${number}` } },
    }),
    asked: () =>
      renewing.api.server.received.flatMap(({ path }) =>
        path.includes('signin') ? [path.split('?')[0] ?? ''] : [],
      ),
    renewals: 'granted',
  };
  return renewing;
}

const loginPath = '/api/v1/authentication/signin';

test('a stale token is renewed by the refresh token, once for all who wait', async (t) => {
  const { api, asked } = await startRenewing();
  await using _api = api;
  const clock = clockAtZero();
  const { client, events } = await openAdapter(t, api.port, withRefresh(3_600_000), { now: clock.now });
  await client.request(call);
  clock.moveTo(136);
  await Promise.all(Array.from({ length: 20 }, () => client.request(call)));
  assert.deepEqual(asked(), [loginPath, renewPath]);
  const renewal = api.server.received.find(({ path }) => path.startsWith(renewPath));
  assert.deepEqual(JSON.parse(renewal?.body ?? ''), { refresh_token: 'RT1', grant_type: 'refresh_token' });
  assert.equal(renewal?.headers['x-tenant'], 'a');
  assert.equal(renewal?.path, `${renewPath}?q=1`);
  assert.deepEqual(
    events.flatMap((event) => (event.kind === 'token_obtained' ? [event.by] : [])),
    ['request', 'refresh'],
  );
  clock.moveTo(272);
  await client.request(call);
  const [, , again] = api.server.received.filter(({ path }) => path.includes('signin'));
  assert.match(again?.body ?? '', /RT2/, 'a rotated refresh token takes the place of the old one');
});

test('a refresh token that is refused falls back to the credentials within the same flight', async (t) => {
  const renewing = await startRenewing();
  await using api = renewing.api;
  const clock = clockAtZero();
  const { client } = await openAdapter(t, api.port, withRefresh(3_600_000), { now: clock.now });
  await client.request(call);
  renewing.renewals = 'refused';
  clock.moveTo(136);
  assert.equal((await client.request(call)).attempts, 1);
  assert.deepEqual(renewing.asked(), [loginPath, renewPath, loginPath]);
  assert.equal(api.server.count('/widgets'), 2);
});

test('a refresh token older than its own timeout less margin, or -1, is not used', async (t) => {
  for (const [timeoutMs, wanted] of [
    [180_000, [loginPath, loginPath]],
    [-1, [loginPath, loginPath]],
    [200_000, [loginPath, renewPath]],
  ] as const) {
    const { api, asked } = await startRenewing();
    await using _api = api;
    const clock = clockAtZero();
    const { client } = await openAdapter(t, api.port, withRefresh(timeoutMs), { now: clock.now });
    await client.request(call);
    clock.moveTo(136);
    await client.request(call);
    assert.deepEqual(asked(), wanted, String(timeoutMs));
  }
});

test('a call refused with a refreshed token drops the refresh token too', async (t) => {
  const { api, asked } = await startRenewing();
  await using _api = api;
  const { client } = await openAdapter(t, api.port, withRefresh(3_600_000));
  await client.request(call);
  api.refuse('tok-1');
  assert.equal((await client.request(call)).attempts, 2);
  assert.deepEqual(asked(), [loginPath, renewPath]);
  api.refuse('tok-2');
  assert.equal((await client.request(call)).attempts, 2);
  assert.deepEqual(asked(), [loginPath, renewPath, loginPath]);
});

test('when refresh token and credentials are both refused, the error is that of the credentials', async (t) => {
  await using api = await startTokenApi({
    tokenReply: (number) =>
      number === 1
        ? { body: { access_token: 'tok-1', refresh_token: 'RT1' } }
        : { status: 403, body: 'locked' },
  });
  const clock = clockAtZero();
  const { client } = await openAdapter(t, api.port, withRefresh(3_600_000), { now: clock.now });
  await client.request(call);
  clock.moveTo(136);
  const error = await failureOf(client.request(call));
  assert.deepEqual([error.kind, error.status], ['token_status', 403]);
});
