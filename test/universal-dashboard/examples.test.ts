/** The original's own program in three frameworks, as processes, driven by plain HTTP. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { grantJsonWebToken } from '@tessera/guard';
import { secret } from '../harness/run-folder.ts';
import { startExample } from './example.ts';

// One after the other: they share the port of the original.
describe('the seed’s program', { concurrency: false }, () => {
  for (const framework of ['fastify', 'express', 'hono']) {
    test(`${framework}: logs in, and says who asks`, async (t) => {
      const example = await startExample(`universal-dashboard/main-${framework}.ts`);
      t.after(() => example.stop());
      const { url } = example;
      const password = secret('open sesame of the example');

      const ways: readonly [path: string, type: string, body: string][] = [
        [
          '/login',
          'application/x-www-form-urlencoded',
          String(new URLSearchParams({ Password: password, UserName: 'Adam' })),
        ],
        [
          '/api/login',
          'application/x-www-form-urlencoded',
          String(new URLSearchParams({ username: 'Adam', PASSWORD: password })),
        ],
        ['/login', 'application/json', JSON.stringify({ username: 'Adam', PASSWORD: password })],
      ];
      for (const [path, type, body] of ways) {
        const login = await fetch(url + path, { method: 'POST', headers: { 'Content-Type': type }, body });
        assert.equal(login.status, 200);
        const answer = (await login.json()) as { token: string };
        assert.deepEqual(Object.keys(answer), ['token']);
        const headers = { Authorization: `Bearer ${secret(answer.token)}` };
        const me = await fetch(`${url}/api/user/me`, { headers });
        assert.deepEqual([me.status, await me.text()], [200, '"Adam"']);
        assert.match(me.headers.get('content-type') ?? '', /^application\/json/);
      }

      const foreign = secret(grantJsonWebToken({ identity: 'Adam' }, () => {}));
      const refused = await fetch(`${url}/api/user/me`, { headers: { Authorization: `Bearer ${foreign}` } });
      assert.deepEqual(
        [
          refused.status,
          refused.headers.get('www-authenticate'),
          refused.headers.get('content-length'),
          await refused.text(),
        ],
        [401, 'Bearer error="invalid_token", error_description="The issuer is invalid"', '0', ''],
      );
      const nobody = await fetch(`${url}/nowhere`);
      assert.deepEqual([nobody.status, nobody.headers.get('www-authenticate')], [401, 'Bearer']);
    });
  }

  test('in production, with the default key, it ends before it listens', () => {
    const path = fileURLToPath(
      new URL('../../examples/universal-dashboard/main-fastify.ts', import.meta.url),
    );
    const { status, stderr } = spawnSync(process.execPath, ['--conditions=source', path], {
      env: { PATH: process.env.PATH, NODE_ENV: ' Production ' },
      encoding: 'utf8',
      timeout: 100_000,
    });
    assert.equal(status, 1);
    assert.match(stderr, /DefaultSigningKeyError/);
    assert.doesNotMatch(stderr, /default_signing_key/);
  });
});
