import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { localhostPem, serverKeyPem } from '../../../client/test/certificates.ts';
import { runServer } from '../../src/app/run-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-run-server-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;

class Capture {
  readonly isTTY: boolean;
  text = '';
  #waiting: (() => void)[] = [];

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
    for (const check of this.#waiting) check();
  }

  async until(pattern: RegExp): Promise<RegExpExecArray> {
    return await new Promise((resolve) => {
      const check = (): void => {
        const match = pattern.exec(this.text);
        if (match !== null) resolve(match);
      };
      this.#waiting.push(check);
      check();
    });
  }
}

interface Run {
  readonly stdout: Capture;
  readonly stderr: Capture;
  readonly code: Promise<number>;
}

function run(env: Record<string, string>, stdout: Capture = new Capture()): Run {
  const stderr = new Capture();
  const dataDir = join(folder, `data-${++folders}`);
  return {
    stdout,
    stderr,
    code: runServer({ env: { TESSERA_PORT: '0', TESSERA_DATA_DIR: dataDir, ...env }, stdout, stderr }),
  };
}

async function stop({ code }: Run): Promise<number> {
  process.kill(process.pid, 'SIGTERM');
  return await code;
}

test('a wrong configuration ends with code 2, every fault on a line of its own and no stack', async () => {
  const { stderr, stdout, code } = run({
    TESSERA_PORT: 'x',
    TESSERA_HOST: '0.0.0.0',
    TESSERA_LOG_LEVEL: 'loud',
  });
  assert.equal(await code, 2);
  assert.equal(stdout.text, '');
  const lines = stderr.text.trimEnd().split('\n');
  assert.equal(lines.length, 3);
  for (const line of lines) assert.match(line, /^tessera: TESSERA_\w+: \S.*[.]$/);
});

test('the first start prints the random password once as plain text, the second does not', async () => {
  const dataDir = join(folder, 'first');
  const first = run({ TESSERA_DATA_DIR: dataDir });
  const [, url = ''] = await first.stdout.until(/"url":"([^"]+)",.*"msg":"listening"/);
  const [, password = ''] = /has the password (\S+) \(shown only this once\)/.exec(first.stdout.text) ?? [];
  const answer = await fetch(`${url}/api/v1/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({ name: 'admin', password }),
  });
  assert.equal(answer.status, 200);
  assert.equal(await stop(first), 0);
  assert.equal(first.stdout.text.split(password).length, 2);
  for (const line of first.stdout.text.trimEnd().split('\n'))
    assert.ok(!line.includes(password) || !line.startsWith('{'), 'not in the structured log');
  const second = run({ TESSERA_DATA_DIR: dataDir, TESSERA_ADMIN_PASSWORD: 'Other-pass-1' });
  await second.stdout.until(/"listening"/);
  assert.equal(await stop(second), 0);
  assert.ok(!second.stdout.text.includes('password'));
});

test('admin is no password of the first start', async () => {
  const { stderr, code } = run({ TESSERA_ADMIN_PASSWORD: 'admin' });
  assert.equal(await code, 2);
  assert.match(stderr.text, /^tessera: TESSERA_ADMIN_PASSWORD: admin is the first password anybody tries/);
});

test('at a terminal people read where it listens and what to type next', async () => {
  const running = run({}, new Capture(true));
  const [, url = ''] = await running.stdout.until(/listens on (\S+), data in/);
  await running.stdout.until(/Ctrl-C/);
  assert.ok(running.stdout.text.includes(`    ksctl login --user admin --url ${url}\n`));
  assert.ok(!running.stdout.text.includes('{'));
  assert.equal(await stop(running), 0);
});

test('a port that is in use ends with code 1 and says so', async () => {
  const other = createTcpServer().listen(0, '127.0.0.1');
  const { port } = await new Promise<{ port: number }>((resolve) =>
    other.once('listening', () => resolve(other.address() as { port: number })),
  );
  const { stderr, code } = run({ TESSERA_PORT: String(port) });
  assert.equal(await code, 1);
  assert.equal(
    stderr.text,
    `tessera: port ${port} on 127.0.0.1 is in use; stop what listens there, or set TESSERA_PORT\n`,
  );
  other.close();
});

test('a second server on the same data ends with code 1 and the reason', async () => {
  const dataDir = join(folder, 'shared');
  const first = run({ TESSERA_DATA_DIR: dataDir });
  await first.stdout.until(/"listening"/);
  const second = run({ TESSERA_DATA_DIR: dataDir });
  assert.equal(await second.code, 1);
  assert.match(second.stderr.text, /^tessera: [^\n]+\n$/);
  assert.equal(await stop(first), 0);
});

test('a database that cannot be reached ends with code 1, without its password', async () => {
  const { stderr, code } = run({ TESSERA_DATABASE_URL: 'postgres://u:Correct-horse-1@127.0.0.1:1/x' });
  assert.equal(await code, 1);
  assert.match(stderr.text, /^tessera: [^\n]+ECONNREFUSED 127\.0\.0\.1:1; [^\n]+TESSERA_DATABASE_URL\n$/);
  assert.ok(!stderr.text.includes('Correct-horse-1'));
});

test('a file that is no database ends with code 1, and says where it lies', async () => {
  const dataDir = join(folder, 'garbage');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'tessera.db'), 'garbage\n'.repeat(1000));
  const { stderr, code } = run({ TESSERA_DATA_DIR: dataDir });
  assert.equal(await code, 1);
  assert.ok(stderr.text.includes(`is not a database; look into ${dataDir}`), stderr.text);
});

test('a master key that is not the one of the data is refused with code 2', async () => {
  const dataDir = join(folder, 'sealed');
  const first = run({ TESSERA_DATA_DIR: dataDir });
  await first.stdout.until(/"listening"/);
  await stop(first);
  const otherKey = join(folder, 'other.key');
  writeFileSync(otherKey, `${'ab'.repeat(32)}\n`, { mode: 0o600 });
  const second = run({ TESSERA_DATA_DIR: dataDir, TESSERA_MASTER_KEY_FILE: otherKey });
  assert.equal(await second.code, 2);
  assert.match(second.stderr.text, /is not the one this data was sealed with/);
});

test('with a certificate it speaks TLS, and only that', async () => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(cert, localhostPem);
  writeFileSync(key, serverKeyPem);
  const running = run({ TESSERA_TLS_CERT: cert, TESSERA_TLS_KEY: key });
  const [, url = ''] = await running.stdout.until(/"url":"(https:[^"]+)"/);
  const { request } = await import('node:https');
  const status = await new Promise((resolve, reject) => {
    request(`${url}/healthz`, { rejectUnauthorized: false, agent: false }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end();
  });
  assert.equal(status, 200);
  await assert.rejects(fetch(url.replace('https', 'http')));
  assert.equal(await stop(running), 0);
});
