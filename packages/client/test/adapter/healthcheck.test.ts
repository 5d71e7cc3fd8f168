/** Guarantees of the health check: an ordinary call, with a say of its own on bodies of a GET. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAdapter } from '../adapter-folder.ts';
import { startTokenApi } from '../token-api.ts';

test('query_object and addlHeaders of the service configuration go along', async (t) => {
  await using api = await startTokenApi();
  const healthcheck = { query_object: { deep: true, of: 'a b' }, addlHeaders: { 'X-Probe': 'yes' } };
  const action = {
    name: 'healthcheck',
    protocol: 'REST',
    method: 'GET',
    entitypath: '/{version}/health?{query}',
  };
  for (const parts of [
    { properties: { healthcheck }, actions: [action] },
    { properties: { healthcheck: { ...healthcheck, URI_Path: '/v1/health' } } },
  ]) {
    const { client } = await openAdapter(t, api.port, parts);
    assert.equal((await client.healthcheck()).ok, true);
    const check = api.server.received.at(-1);
    assert.deepEqual([check?.path, check?.headers['x-probe']], ['/v1/health?deep=true&of=a%20b', 'yes']);
  }
});

test('where its action allows it, the health check alone carries the token in the body of a GET', async (t) => {
  await using api = await startTokenApi();
  const health = {
    name: 'healthcheck',
    protocol: 'REST',
    method: 'GET',
    entitypath: '/{version}/health',
    tessera: { allowBodyOnGet: true },
  };
  const parts = { authentication: { auth_field: 'body.session' }, actions: [health] };
  const { client } = await openAdapter(t, api.port, parts);
  const { ok, status } = await client.healthcheck();
  assert.deepEqual([ok, status], [true, 200]);
  const check = api.server.received.at(-1);
  assert.deepEqual(
    [check?.method, check?.path, String(check?.body)],
    ['GET', '/v1/health', '{"session":"tok-1"}'],
  );
  await assert.rejects(client.request({ path: '/w' }), { kind: 'placement_failed' });
});
