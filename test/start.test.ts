/** Starting: what refuses to start says why, all of it at once, and harms nobody who is running. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Dialect, dialectOf, ok } from './ciphertrust/dialect.ts';
import { forEachEngine } from './harness/engines.ts';
import type { Server } from './harness/server.ts';

const mainFile = fileURLToPath(new URL('../packages/server/bin/server.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tessera-start-'));
after(() => rmSync(folder, { recursive: true }));

/** Starts a server that is expected to end by itself, in an empty folder. */
function refusedStart(settings: Record<string, string>): { status: number | null; output: string } {
  const env: NodeJS.ProcessEnv = { ...process.env, TESSERA_PORT: '0', ...settings };
  delete env.NODE_TEST_CONTEXT;
  const args = ['--conditions=source', mainFile];
  const ended = spawnSync(process.execPath, args, { env, cwd: folder, encoding: 'utf8', timeout: 100_000 });
  return { status: ended.status, output: ended.stdout + ended.stderr };
}

forEachEngine((engine) => {
  let server: Server;
  let dialect: Dialect;
  before(async () => {
    server = await engine.start();
    dialect = dialectOf(() => server);
  });
  after(() => server.stop());

  const ownSettings = (): Record<string, string> => ({
    TESSERA_DATA_DIR: server.dataDir,
    ...(server.databaseUrl === null ? {} : { TESSERA_DATABASE_URL: server.databaseUrl }),
  });

  test('with another master key than the data was sealed with is refused, and the data stays as it is', async () => {
    const { refreshToken } = await dialect.grant();
    await server.kill9();
    const masterKeyFile = join(folder, `${engine.name}.key`);
    writeFileSync(masterKeyFile, `${'ab'.repeat(32)}\n`, { mode: 0o600 });
    const { status, output } = refusedStart({ ...ownSettings(), TESSERA_MASTER_KEY_FILE: masterKeyFile });
    assert.ok(status !== 0 && status !== null, output);
    assert.match(output, /master key/i);
    await server.restart();
    ok(await dialect.refresh(refreshToken));
  });

  test('without the master key file of its data is refused, and none is made in its place', async () => {
    const { refreshToken } = await dialect.grant();
    await server.kill9();
    const masterKeyFile = join(folder, `${engine.name}-lost.key`);
    const { status, output } = refusedStart({ ...ownSettings(), TESSERA_MASTER_KEY_FILE: masterKeyFile });
    assert.equal(status, 2, output);
    assert.match(output, /there is no master key file .*TESSERA_MASTER_KEY_FILE/);
    assert.equal(existsSync(masterKeyFile), false);
    await server.restart();
    ok(await dialect.refresh(refreshToken));
  });

  test('on a port that is taken is refused with the reason', async () => {
    const port = new URL(server.url).port;
    const { status, output } = refusedStart({
      TESSERA_DATA_DIR: join(folder, engine.name),
      TESSERA_PORT: port,
    });
    assert.ok(status !== 0 && status !== null, output);
    assert.match(output, new RegExp(`${port}`));
    assert.doesNotMatch(output, /\n\s+at /);
  });

  if (engine.name === 'sqlite') {
    test('a second server on the same file is refused with the reason, and the first serves on', async () => {
      const { status, output } = refusedStart(ownSettings());
      assert.ok(status !== 0 && status !== null, output);
      assert.match(output, /another|already|in use/i);
      ok(await dialect.issue());
    });
  }
});

describe('a wrong configuration is refused', () => {
  test('with every fault named at once', () => {
    const { status, output } = refusedStart({
      TESSERA_PORT: '70000',
      TESSERA_DATABASE_URL: 'mysql://x',
      TESSERA_TLS_CERT: '/no/such/file.pem',
      TESSERA_LOG_LEVEL: 'loud',
      TESSERA_DATA_DIR: join(folder, 'never'),
    });
    assert.ok(status !== 0 && status !== null, output);
    for (const name of ['TESSERA_PORT', 'TESSERA_DATABASE_URL', 'TESSERA_TLS_CERT', 'TESSERA_LOG_LEVEL']) {
      assert.match(output, new RegExp(name));
    }
    assert.doesNotMatch(output, /\n\s+at /);
  });

  test('without TLS on an address that is not loopback', () => {
    const { status, output } = refusedStart({
      TESSERA_HOST: '0.0.0.0',
      TESSERA_DATA_DIR: join(folder, 'never'),
    });
    assert.ok(status !== 0 && status !== null, output);
    assert.match(output, /TESSERA_TLS/);
  });

  test('with a database that cannot be reached, without telling its password', () => {
    const settings = { TESSERA_DATABASE_URL: 'postgres://user:Very-s3cret@127.0.0.1:1/x' };
    const { status, output } = refusedStart({ ...settings, TESSERA_DATA_DIR: join(folder, 'never') });
    assert.ok(status !== 0 && status !== null, output);
    assert.doesNotMatch(output, /Very-s3cret/);
    assert.doesNotMatch(output, /\n\s+at /);
  });
});
