/** Callers who give up: they leave, the others stay, and what nobody waits for is stopped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openAdapter } from './adapter-folder.ts';
import { startTokenApi } from './token-api.ts';

const call = { path: '/widgets' };
const isAbort = { name: 'AbortError' };
/** So that nothing ends by its own time-out. */
const patient = { properties: { request: { attempt_timeout: 100_000 } } };

async function tooLong(): Promise<never> {
  await wait(20_000, undefined, { ref: false });
  throw new Error('it goes on though nobody waits for it');
}

/** A token endpoint that answers when the test says so, and notices when it is no longer wanted. */
async function startSlowTokens(): Promise<{
  readonly api: Awaited<ReturnType<typeof startTokenApi>>;
  readonly asked: Promise<void>;
  readonly answer: () => void;
  readonly left: Promise<void>;
}> {
  const [asked, gate, left] = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  if (!asked || !gate || !left) throw new Error('three were made');
  const api = await startTokenApi();
  api.server.handle(async ({ path }, response) => {
    if (!path.includes('signin')) return { body: 'ok' };
    response.on('close', () => left.resolve());
    asked.resolve();
    await gate.promise;
    return response.destroyed ? null : { body: { access_token: 'tok' } };
  });
  return { api, asked: asked.promise, answer: gate.resolve, left: left.promise };
}

test('one of twenty leaves while the token is asked for: nineteen succeed by one token request', async (t) => {
  const { api, asked, answer } = await startSlowTokens();
  await using _api = api;
  const { client } = await openAdapter(t, api.port);
  const leaving = new AbortController();
  const calls = Array.from({ length: 20 }, (_, at) =>
    client.request(at === 7 ? { ...call, signal: leaving.signal } : call),
  );
  await asked;
  leaving.abort();
  await assert.rejects(calls[7] as Promise<unknown>, isAbort);
  answer();
  const results = await Promise.allSettled(calls);
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 19);
  assert.equal(api.tokens(), 1);
  assert.equal(api.calls(), 19);
});

test('all leave: the token request is stopped, and the next call starts another', async (t) => {
  const { api, asked, answer, left } = await startSlowTokens();
  await using _api = api;
  const { client } = await openAdapter(t, api.port, patient);
  const leaving = new AbortController();
  const calls = Array.from({ length: 20 }, () => client.request({ ...call, signal: leaving.signal }));
  await asked;
  leaving.abort();
  for (const one of calls) await assert.rejects(one, isAbort);
  await Promise.race([left, tooLong()]);
  answer();
  assert.equal((await client.request(call)).status, 200);
  assert.equal(api.tokens(), 2);
});

test('a signal aborted before the call, with whatever reason: an AbortError, and nothing is sent', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  for (const reason of [undefined, new Error('bored'), 'text']) {
    const signal = AbortSignal.abort(reason);
    await assert.rejects(client.request({ ...call, signal }), isAbort);
    await assert.rejects(client.fetch('/widgets', { signal }), isAbort);
    await assert.rejects(client.tokenSource.get({ signal }), isAbort);
  }
  assert.equal(api.server.received.length, 0);
  await client.tokenSource.get();
  await assert.rejects(client.request({ ...call, signal: AbortSignal.abort() }), isAbort);
  await assert.rejects(client.fetch('/widgets', { signal: AbortSignal.abort() }), isAbort);
  assert.equal(api.calls(), 0);
});

test('leaving while the call itself is answered, or while too many requests are waited for', async (t) => {
  await using api = await startTokenApi();
  const request = { limit_retry_error: 429 };
  const { client } = await openAdapter(t, api.port, { properties: { request } });
  await client.tokenSource.get();
  for (const reply of [null, { status: 429, headers: { 'retry-after': '30' } }]) {
    const arrived = Promise.withResolvers<void>();
    api.server.handle(() => {
      arrived.resolve();
      return reply;
    });
    const leaving = new AbortController();
    const pending = client.request({ ...call, signal: leaving.signal });
    await arrived.promise;
    setTimeout(() => leaving.abort(), 20);
    await assert.rejects(pending, isAbort);
  }
});

test('a streamed answer that is cancelled, or whose caller leaves, frees the connection', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  let closed = Promise.withResolvers<void>();
  api.server.handle((_, response) => {
    response.on('close', () => closed.resolve());
    response.writeHead(200).write('beginning');
    return null;
  });
  await (await client.fetch('/stream')).body?.cancel();
  await closed.promise;

  closed = Promise.withResolvers();
  const leaving = new AbortController();
  const response = await client.fetch('/stream', { signal: leaving.signal });
  leaving.abort();
  await assert.rejects(response.text(), isAbort);
  await closed.promise;
});

test('close lets a running call end, and refuses another', async (t) => {
  const { api, asked, answer } = await startSlowTokens();
  await using _api = api;
  const { client } = await openAdapter(t, api.port);
  const running = client.tokenSource.get();
  await asked;
  const closing = client.close();
  answer();
  await running;
  await closing;
  await assert.rejects(client.request(call), { kind: 'call_disconnected', cure: 'make a new client' });
});
