/** How long a token is used, and who shares it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAdapter } from './adapter-folder.ts';
import { clockAtZero } from './clock.ts';
import { startTokenApi } from './token-api.ts';

const call = { method: 'GET', path: '/api/{version}/widgets/42?a=1' };

for (const [timeoutMs, atSeconds, wanted] of [
  [60_000, [0, 44, 46], 2],
  [180_000, [0, 134, 136], 2],
  [3_600_000, [0, 3539], 1],
  [3_600_000, [0, 3539, 3541], 2],
] as const) {
  test(`token_timeout ${timeoutMs}: calls at ${atSeconds.join(', ')} s ask for ${wanted} tokens`, async (t) => {
    await using api = await startTokenApi();
    const clock = clockAtZero();
    const parts = { authentication: { token_timeout: timeoutMs } };
    const { client } = await openAdapter(t, api.port, parts, { now: clock.now });
    for (const seconds of atSeconds) {
      clock.moveTo(seconds);
      await client.request(call);
    }
    assert.equal(api.tokens(), wanted);
    assert.equal(api.calls(), atSeconds.length);
  });
}

test('token_timeout -1: each call has a token of its own, also at once', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port, { authentication: { token_timeout: -1 } });
  for (let at = 0; at < 3; at++) await client.request(call);
  assert.equal(api.tokens(), 3);
  await Promise.all(Array.from({ length: 20 }, () => client.request(call)));
  assert.equal(api.tokens(), 23);
  const sent = api.server.received.flatMap(({ path, headers }) =>
    path.includes('widgets') ? [headers.authorization] : [],
  );
  assert.equal(new Set(sent).size, 23);
});

test('tokenMarginMs sets the margin, beyond a quarter of the life too', async (t) => {
  await using api = await startTokenApi();
  const clock = clockAtZero();
  const parts = { authentication: { token_timeout: 60_000 } };
  const { client } = await openAdapter(t, api.port, parts, { now: clock.now, tokenMarginMs: 50_000 });
  for (const seconds of [0, 9, 11]) {
    clock.moveTo(seconds);
    await client.request(call);
  }
  assert.equal(api.tokens(), 2);
});

const secondsAhead = (seconds: number): number => clockAtZero().now() / 1000 + seconds;
const jwtUntil = (seconds: number): string =>
  [{ alg: 'none' }, { exp: secondsAhead(seconds) }, {}]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

for (const [what, answer, usedSeconds] of [
  ['an instant in expires', { access_token: 't', expires: '2026-01-01T01:00:00Z' }, 3540],
  ['an instant without zone, which is UTC', { access_token: 't', expires: '2026-01-01T01:00:00' }, 3540],
  ['epoch milliseconds in expires', { access_token: 't', expires: secondsAhead(3600) * 1000 }, 3540],
  ['epoch seconds in expires', { access_token: 't', expires: secondsAhead(3600) }, 3540],
  ['expires_in', { access_token: 't', expires_in: 3600 }, 3540],
  ['expires_in as text', { access_token: 't', expires_in: '300' }, 240],
  ['a small number in expires', { access_token: 't', expires: 300 }, 240],
  ['exp of a JWT', { access_token: jwtUntil(600) }, 540],
] as const) {
  test(`token_timeout 0 with ${what}: used for ${usedSeconds} s`, async (t) => {
    await using api = await startTokenApi({ tokenReply: () => ({ body: answer }) });
    const clock = clockAtZero();
    const { client } = await openAdapter(
      t,
      api.port,
      { authentication: { token_timeout: 0 } },
      { now: clock.now },
    );
    for (const seconds of [0, usedSeconds - 1]) {
      clock.moveTo(seconds);
      await client.request(call);
    }
    assert.equal(api.tokens(), 1);
    clock.moveTo(usedSeconds);
    await client.request(call);
    assert.equal(api.tokens(), 2);
  });
}

for (const [what, beside] of [
  ['nothing', {}],
  ['an instant that is past', { expires: '2020-01-01T00:00:00Z' }],
] as const) {
  test(`token_timeout 0 with ${what}: shared by those who wait, and not kept`, async (t) => {
    await using api = await startTokenApi({ beside });
    const clock = clockAtZero();
    const { client } = await openAdapter(
      t,
      api.port,
      { authentication: { token_timeout: 0 } },
      { now: clock.now },
    );
    await Promise.all(Array.from({ length: 20 }, () => client.request(call)));
    assert.equal(api.tokens(), 1);
    await client.request(call);
    assert.equal(api.tokens(), 2);
  });
}

test('twenty calls without a token ask for one', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  await Promise.all(Array.from({ length: 20 }, () => client.request(call)));
  assert.equal(api.tokens(), 1);
  assert.equal(api.calls(), 20);
});

test('a failed token request fails all who wait for it with its status, and the next call asks again', async (t) => {
  let isWell = false;
  await using api = await startTokenApi({
    tokenReply: () => (isWell ? { body: { access_token: 'tok' } } : { status: 500, body: 'out of order' }),
  });
  const { client } = await openAdapter(t, api.port);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => client.request(call)));
  for (const result of results) {
    assert.equal(result.status, 'rejected');
    assert.equal(result.reason.kind, 'token_status');
    assert.equal(result.reason.status, 500);
    assert.equal(result.reason.stage, 'token');
  }
  assert.equal(api.tokens(), 1);
  assert.equal(api.calls(), 0);
  isWell = true;
  assert.equal((await client.request(call)).status, 200);
  assert.equal(api.tokens(), 2);
});

test('different credentials, hosts and authData never share a token, nor wait for each other', async (t) => {
  const gate = Promise.withResolvers<void>();
  await using api = await startTokenApi({
    tokenReply: async (_, { body }) => {
      if (body.includes('slow')) await gate.promise;
      return { body: { access_token: `for ${Buffer.from(body).toString('base64url')}` } };
    },
  });
  const { client } = await openAdapter(t, api.port);
  const slow = client.request({ ...call, authData: { tenant: 'slow' } });
  const others = [
    client.request(call),
    client.request({ ...call, overrides: { authentication: { password: 'another' } } }),
    client.request({ ...call, overrides: { authentication: { client_secret: 'third' } } }),
    client.request({ ...call, overrides: { host: 'localhost' } }),
    client.request({ ...call, authData: { tenant: 'a' } }),
  ];
  await Promise.all(others);
  assert.equal(api.tokens(), 6);
  gate.resolve();
  await slow;
  await client.request({ ...call, authData: { tenant: 'a' } });
  assert.equal(api.tokens(), 6);
});

test('of a thousand keys in memory the least recently used leaves first', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  const tokenFor = (tenant: number): Promise<unknown> => client.tokenSource.get({ authData: { tenant } });
  for (let first = 0; first < 1000; first += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, at) => tokenFor(first + at)));
  }
  await tokenFor(0);
  await tokenFor(1000);
  assert.equal(api.tokens(), 1001);
  await tokenFor(0);
  assert.equal(api.tokens(), 1001, 'tenant 0 was used since, and stayed');
  await tokenFor(1);
  assert.equal(api.tokens(), 1002, 'tenant 1 left');
});
