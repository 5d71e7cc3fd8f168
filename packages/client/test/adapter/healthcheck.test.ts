/** Guarantees of the health check: an ordinary call, with a say of its own on bodies of a GET. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAdapter } from '../adapter-folder.ts';
import { startTokenApi } from '../token-api.ts';

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
