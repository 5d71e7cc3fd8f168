/** A wrong password in a configuration does not lock the account by repetition. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenClientError } from '../src/index.ts';
import { openAdapter } from './adapter-folder.ts';
import { clockAtZero } from './clock.ts';
import { startTokenApi } from './token-api.ts';

const call = { path: '/widgets' };

const rejected = async (attempt: Promise<unknown>): Promise<TokenClientError> => {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TokenClientError, String(error));
  assert.equal(error.kind, 'token_status');
  assert.equal(error.status, 401);
  return error;
};

test('credentials rejected twice rest for five minutes, then longer; an event says so', async (t) => {
  await using api = await startTokenApi({ tokenReply: () => ({ status: 401, body: 'wrong password' }) });
  const clock = clockAtZero();
  const { client, events } = await openAdapter(t, api.port, {}, { now: clock.now });
  for (let at = 0; at < 50; at++) await rejected(client.request(call));
  assert.equal(api.tokens(), 2);
  const error = await rejected(client.request(call));
  assert.match(error.message, /not sent: these credentials were rejected 2 times.*rest for 300 s/);
  assert.match(error.cure ?? '', /correct the username and password/);
  assert.deepEqual(
    events.filter(({ kind }) => kind === 'credentials_paused'),
    [{ kind: 'credentials_paused', id: client.id, status: 401, rejections: 2, pauseMs: 300_000 }],
  );
  clock.moveTo(301);
  for (let at = 0; at < 10; at++) await rejected(client.request(call));
  assert.equal(api.tokens(), 3);
  clock.moveTo(301 + 599);
  await rejected(client.request(call));
  assert.equal(api.tokens(), 3);
});

test('with a token for every call, and whatever authData, the same credentials rest', async (t) => {
  await using api = await startTokenApi({ tokenReply: () => ({ status: 403, body: 'no' }) });
  const { client } = await openAdapter(t, api.port, { authentication: { token_timeout: -1 } });
  for (let tenant = 0; tenant < 5; tenant++)
    await assert.rejects(client.request({ ...call, authData: { tenant } }));
  assert.equal(api.tokens(), 2);
});

test('other credentials are tried at once, and a success forgets what was before', async (t) => {
  let right = 'corrected';
  await using api = await startTokenApi({
    tokenReply: (number, { body }) =>
      body.includes(right) ? { body: { access_token: `t${number}` } } : { status: 401, body: 'no' },
  });
  const { client } = await openAdapter(t, api.port, { authentication: { token_timeout: -1 } });
  const corrected = { ...call, overrides: { authentication: { password: 'corrected' } } };
  for (let at = 0; at < 3; at++) await rejected(client.request(call));
  await client.request(corrected);
  assert.equal(api.tokens(), 3);
  right = 'none';
  await rejected(client.request(corrected));
  right = 'corrected';
  await client.request(corrected);
  right = 'none';
  await rejected(client.request(corrected));
  await rejected(client.request(corrected));
  assert.equal(api.tokens(), 7);
});

test('a server that is out of order is asked again each time', async (t) => {
  await using api = await startTokenApi({ tokenReply: () => ({ status: 500, body: 'oops' }) });
  const { client } = await openAdapter(t, api.port);
  for (let at = 0; at < 5; at++) await assert.rejects(client.request(call));
  assert.equal(api.tokens(), 5);
});
