/** The first start: one administrator, whose password nobody can guess. Spec ciphertrust §9; acceptance 19. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { forEachEngine } from '../harness/engines.ts';
import { dialectOf, errorOf, ok, wrongPassword } from './dialect.ts';

const mainFile = fileURLToPath(new URL('../../packages/server/bin/server.js', import.meta.url));

forEachEngine((engine) => {
  test('prints a random password once, which signs in; admin/admin does not', async () => {
    const server = await engine.start({ adminPassword: null });
    try {
      const words = new Set(server.logs().split(/[\s",:\\]+/));
      const dialect = dialectOf(() => server);
      const answers = await Promise.all(
        [...words]
          .filter((word) => /^\S{12,64}$/.test(word) && !word.includes('/') && !word.startsWith('{'))
          .map(async (password) => ({
            password,
            ...(await dialect.issue({}, { username: 'admin', password })),
          })),
      );
      const right = answers.filter(({ status }) => status === 200);
      assert.equal(right.length, 1, server.logs());
      const password = right[0]?.password ?? '';
      assert.equal(server.logs().split(password).length - 1, 1);
      assert.deepEqual(
        errorOf(await dialect.issue({}, { username: 'admin', password: 'admin' })),
        wrongPassword,
      );
      const { length } = server.logs();
      await server.restart();
      assert.ok(!server.logs().slice(length).includes(password));
      ok(await dialect.issue({}, { username: 'admin', password }));
    } finally {
      await server.stop();
    }
  });

  test('takes TESSERA_ADMIN_PASSWORD, prints nothing, and later starts change nothing', async () => {
    const server = await engine.start();
    try {
      const dialect = dialectOf(() => server);
      ok(await dialect.issue());
      await server.restart();
      ok(await dialect.issue());
      const { claims } = JSON.parse(
        `{"claims":${Buffer.from((await dialect.jwt()).split('.')[1] ?? '', 'base64url').toString()}}`,
      );
      assert.deepEqual(claims.cust, { groups: ['admin'] });
    } finally {
      await server.stop();
    }
  });
});

test('refuses to start with the password admin', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-data-'));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TESSERA_PORT: '0',
    TESSERA_DATA_DIR: dataDir,
    TESSERA_ADMIN_PASSWORD: 'admin',
  };
  delete env.NODE_TEST_CONTEXT;
  const args = ['--conditions=source', mainFile];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env,
    encoding: 'utf8',
    timeout: 100_000,
  });
  rmSync(dataDir, { recursive: true, force: true });
  assert.notEqual(status, 0);
  assert.match(stdout + stderr, /TESSERA_ADMIN_PASSWORD/);
});
