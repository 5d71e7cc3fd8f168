/** Guarantees of the harness that starts the real server. @module */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { forEachEngine } from './engines.ts';
import { apiOf } from './http.ts';
import { startServer } from './server.ts';

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

test('a restart waits for whoever was given its port meanwhile', async () => {
  const server = await startServer();
  await server.kill9();
  const other = createServer().listen(Number(new URL(server.url).port), '127.0.0.1');
  await once(other, 'listening');
  const restarted = server.restart();
  while (!server.logs().includes('is in use')) await pause(50);
  other.close();
  await restarted;
  assert.equal((await apiOf(server.url).get('/readyz')).status, 200);
  await server.stop();
});
