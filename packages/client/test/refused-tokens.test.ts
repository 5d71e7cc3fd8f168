/** What happens when the called system does not take the token. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { TokenClientError } from '../src/index.ts';
import { openAdapter, tokenPath } from './adapter-folder.ts';
import type { Received, Reply } from './api-server.ts';
import { startTokenApi, type TokenApi } from './token-api.ts';

const call = { method: 'GET', path: '/api/{version}/widgets/42?a=1' };
const post = { method: 'POST', path: '/api/{version}/widgets', body: { name: 'x' } };

const isError =
  (kind: string, more: Partial<TokenClientError> = {}) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof TokenClientError, String(error));
    assert.equal(error.kind, kind);
    for (const [name, value] of Object.entries(more)) assert.equal(Reflect.get(error, name), value, name);
    return true;
  };

/** Holds twenty answers back until all have come, so that all are refused for the same token. */
function twentyTogether(): () => Promise<void> {
  const all = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    if (++waiting >= 20) all.resolve();
    return all.promise;
  };
}

const authorizations = ({ server }: TokenApi): (string | undefined)[] =>
  server.received
    .filter(({ path }) => !path.startsWith(tokenPath))
    .map(({ headers }) => headers.authorization);

test('twenty calls refused with a warm token: one token request, forty calls, twenty answers', async (t) => {
  const together = twentyTogether();
  await using api = await startTokenApi({
    callReply: async ({ headers }) => {
      if (headers.authorization !== 'tok-1') return { body: 'welcome' };
      await together();
      return { status: 401 };
    },
  });
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  const results = await Promise.all(Array.from({ length: 20 }, () => client.request(call)));
  assert.deepEqual(
    new Set(results.map(({ status, attempts }) => `${status} ${attempts}`)),
    new Set(['200 2']),
  );
  assert.equal(api.tokens(), 2);
  assert.equal(api.calls(), 40);
});

test('a call refused after others have renewed the token takes theirs', async (t) => {
  const late = Promise.withResolvers<void>();
  await using api = await startTokenApi({
    callReply: async ({ headers, path }) => {
      if (headers.authorization !== 'tok-1') return { body: 'welcome' };
      if (path.includes('late')) await late.promise;
      return { status: 401 };
    },
  });
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  const slow = client.request({ ...call, path: '/late' });
  await client.request(call);
  late.resolve();
  await slow;
  assert.equal(api.tokens(), 2);
});

test('the refused token handed out again: one token request, twenty calls, twenty clear refusals', async (t) => {
  const together = twentyTogether();
  await using api = await startTokenApi({
    tokenReply: () => ({ body: { access_token: 'tok-1' } }),
    callReply: async () => {
      await together();
      return { status: 401, body: { error: 'no' } };
    },
  });
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => client.request(call)));
  for (const result of results) {
    assert.equal(result.status, 'rejected');
    isError('call_refused', { status: 401, attempts: 1, stage: 'call', icode: 'AD.500' })(result.reason);
  }
  assert.equal(api.tokens(), 2);
  assert.equal(api.calls(), 20);
});

/** Holds the answer to one call back until the test lets it go. */
function lateAnswer(reply: (authorization: string | undefined) => Reply): {
  readonly callReply: (request: Received) => Promise<Reply>;
  readonly release: () => void;
} {
  const late = Promise.withResolvers<void>();
  return {
    release: late.resolve,
    async callReply({ path, headers }) {
      if (path.includes('late')) await late.promise;
      return reply(headers.authorization);
    },
  };
}

test('a call refused long after the same token came again asks for no other', async (t) => {
  const { callReply, release } = lateAnswer(() => ({ status: 401 }));
  await using api = await startTokenApi({
    tokenReply: () => ({ body: { access_token: 'tok-1' } }),
    callReply,
  });
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  const slow = client.request({ ...call, path: '/late' });
  await assert.rejects(client.request(call), isError('call_refused', { attempts: 1 }));
  assert.equal(api.tokens(), 2);
  release();
  await assert.rejects(slow, isError('call_refused', { attempts: 1 }));
  assert.equal(api.tokens(), 2);
});

test('a token that is not kept serves also whoever was refused before it came', async (t) => {
  const { callReply, release } = lateAnswer((token) =>
    token === 'tok-1' ? { status: 401 } : { body: 'ok' },
  );
  await using api = await startTokenApi({ callReply });
  const { client } = await openAdapter(t, api.port, { authentication: { token_timeout: 0 } });
  const calls = [client.request({ ...call, path: '/late' }), client.request(call)];
  await calls[1];
  assert.equal(api.tokens(), 2);
  release();
  assert.equal((await calls[0])?.attempts, 2);
  assert.equal(api.tokens(), 2);
});

for (const [what, properties, options, attempts] of [
  ['number_retries absent', {}, {}, 2],
  ['number_retries 0', { request: { number_retries: 0 } }, {}, 2],
  ['number_retries 3', { request: { number_retries: 3 } }, {}, 4],
  ['repeats 0', {}, { repeats: 0 }, 1],
] as const) {
  test(`ever new refused tokens, ${what}: ${attempts} attempts`, async (t) => {
    await using api = await startTokenApi({ callReply: () => ({ status: 401 }) });
    const { client } = await openAdapter(t, api.port, { properties }, options);
    await assert.rejects(client.request(call), isError('call_refused', { attempts, status: 401 }));
    assert.equal(api.calls(), attempts);
    assert.equal(api.tokens(), attempts);
    assert.equal(new Set(authorizations(api)).size, attempts);
  });
}

test('a status that is not in invalid_token_error is answered and not repeated', async (t) => {
  await using api = await startTokenApi({ callReply: () => ({ status: 403, body: 'forbidden' }) });
  const { client } = await openAdapter(t, api.port);
  await assert.rejects(client.request(call), isError('call_status', { status: 403, attempts: 1 }));
  assert.equal(api.calls(), 1);
  const answer = await client.fetch('/x');
  assert.deepEqual([answer.status, await answer.text()], [403, 'forbidden']);
});

test('each status in invalid_token_error is repeated', async (t) => {
  await using api = await startTokenApi({
    callReply: ({ headers }) => (headers.authorization === 'tok-1' ? { status: 403 } : { body: 'ok' }),
  });
  const { client } = await openAdapter(t, api.port, { authentication: { invalid_token_error: [401, 403] } });
  assert.equal((await client.request(call)).attempts, 2);
});

test("the token endpoint's own 401 is an error of the token request, and not asked again", async (t) => {
  await using api = await startTokenApi({ tokenReply: () => ({ status: 401, body: 'who are you?' }) });
  const { client } = await openAdapter(t, api.port);
  await assert.rejects(
    client.request(call),
    isError('token_status', { status: 401, stage: 'token', icode: 'AD.402' }),
  );
  assert.equal(api.tokens(), 1);
  assert.equal(api.calls(), 0);
});

test('client.fetch returns the last refusal, with its body', async (t) => {
  await using api = await startTokenApi({ callReply: () => ({ status: 401, body: { why: 'no' } }) });
  const { client } = await openAdapter(t, api.port);
  const response = await client.fetch('/api/v1/widgets');
  assert.equal(response.status, 401);
  assert.deepEqual(await response.json(), { why: 'no' });
  assert.equal(api.calls(), 2);
});

test('too many requests: waited for, then sent with the same token', async (t) => {
  let answers = 0;
  await using api = await startTokenApi({
    callReply: () => (++answers === 1 ? { status: 429, headers: { 'retry-after': '0' } } : { body: 'ok' }),
  });
  const { client } = await openAdapter(t, api.port, {
    properties: { request: { limit_retry_error: 429 } },
  });
  assert.equal((await client.request(call)).attempts, 2);
  assert.equal(api.tokens(), 1);
  assert.deepEqual(authorizations(api), ['tok-1', 'tok-1']);
});

test('too many requests without Retry-After: waited a fifth of attempt_timeout', async (t) => {
  let answers = 0;
  const times: number[] = [];
  await using api = await startTokenApi({
    callReply: () => {
      times.push(performance.now());
      return ++answers === 1 ? { status: 503 } : { body: 'ok' };
    },
  });
  const request = { limit_retry_error: ['500-503'], attempt_timeout: 10_000 };
  const { client } = await openAdapter(t, api.port, { properties: { request } });
  await client.request(call);
  assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 1999);
});

test('too many requests again and again: number_retries times, then the answer as it is', async (t) => {
  await using api = await startTokenApi({
    callReply: () => ({ status: 429, headers: { 'retry-after': '0' } }),
  });
  const request = { limit_retry_error: 429, number_retries: 2 };
  const { client } = await openAdapter(t, api.port, { properties: { request } });
  await assert.rejects(client.request(call), isError('call_status', { status: 429, attempts: 3 }));
  assert.equal(api.tokens(), 1);
});

test('a stream whose token is refused is not sent again, and the token is dropped for others', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  api.refuse('tok-1');
  await assert.rejects(
    client.request({ ...post, body: Readable.from([Buffer.from('part 1, '), Buffer.from('part 2')]) }),
    (error: unknown) =>
      isError('not_repeatable', { status: 401, attempts: 1 })(error) &&
      /pass bytes, text, or a function/.test((error as Error).message),
  );
  assert.equal(api.calls(), 1);
  assert.equal((await client.request(post)).attempts, 1);
  assert.equal(api.tokens(), 2);
});

test('a function that returns a new body is asked for each attempt', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  api.refuse('tok-1');
  let made = 0;
  const body = (): Readable => Readable.from([Buffer.from(`body ${++made}`)]);
  assert.equal((await client.request({ ...post, body })).attempts, 2);
  assert.deepEqual(
    api.server.received.filter(({ path }) => path.endsWith('widgets')).map((one) => one.body),
    ['body 1', 'body 2'],
  );
});

test('client.fetch takes a Request, and can send its body again', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  api.refuse('tok-1');
  const headers = { 'content-type': 'application/json' };
  const request = new Request(`${api.server.origin}/w?x=1#part`, { method: 'PUT', body: '{"n":1}', headers });
  const answer = await client.fetch(request);
  assert.equal(answer.status, 200);
  await answer.arrayBuffer();
  const sent = api.server.received.filter(({ path }) => path === '/w?x=1');
  assert.deepEqual(
    sent.map(({ method, body }) => `${method} ${body}`),
    ['PUT {"n":1}', 'PUT {"n":1}'],
  );
});

for (const [field, format] of [
  ['url', 'token={token}'],
  ['urlpath', '{token}'],
  ['body.a.b', '{token}'],
  ['header.headers.Cookie', 'session={token}'],
] as const) {
  test(`${field}: the repeated request is the original one with one token`, async (t) => {
    await using api = await startTokenApi({
      callReply: (request) => (JSON.stringify(request).includes('tok-1') ? { status: 401 } : { body: 'ok' }),
    });
    const parts = { authentication: { auth_field: field, auth_field_format: format } };
    const { client } = await openAdapter(t, api.port, parts);
    const given = Object.freeze({
      ...post,
      path: '/widgets?a=1',
      headers: Object.freeze({ cookie: 'own=1' }),
    });
    assert.equal((await client.request(given)).attempts, 2);
    const [first, second] = api.server.received.filter(({ path }) => path.startsWith('/widgets'));
    assert.ok(first !== undefined && second !== undefined);
    const shown = ({ path, headers, body }: typeof first): string => JSON.stringify([path, headers, body]);
    assert.equal(shown(second), shown(first).replaceAll('tok-1', 'tok-2'));
    assert.equal(shown(second).split('tok-').length, 2);
    assert.deepEqual(given.body, { name: 'x' });
  });
}

test('refuse drops the token it is given and no newer one', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  const first = await client.tokenSource.get();
  client.tokenSource.refuse(first);
  const second = await client.tokenSource.get();
  assert.equal(second.token.reveal(), 'tok-2');
  client.tokenSource.refuse(first);
  assert.equal((await client.tokenSource.get()).token.reveal(), 'tok-2');
  assert.equal(api.tokens(), 2);
});
