/** Guarantees of the harness that starts the real server. @module */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { forEachEngine } from './engines.ts';
import { apiOf } from './http.ts';

forEachEngine((engine) => {
  test('a server is ready when it is given, keeps its address and data over kill and restart, and leaves nothing', async () => {
    const server = await engine.start();
    const api = apiOf(server.url);
    assert.equal((await api.get('/readyz')).status, 200);
    const firstPid = server.pid;
    await server.kill9();
    await assert.rejects(api.get('/readyz'));
    await server.restart();
    assert.notEqual(server.pid, firstPid);
    assert.equal((await api.get('/readyz')).status, 200);
    assert.match(server.logs(), /"msg":"listening"/);
    assert.equal(await server.stop(), 0);
    assert.equal(existsSync(server.dataDir), false);
  });
});
