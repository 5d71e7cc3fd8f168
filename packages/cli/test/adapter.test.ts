/** `adapter check`, `token` and `call`: an adapter tried from the command line, without its secrets being shown. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { newUser, type Result, type User } from './cli.ts';

const password = 'system-password-of-the-adapter';
const token = 'token-of-the-adapter';

interface Started {
  readonly user: User;
  readonly dir: string;
  readonly properties: string;
  readonly received: readonly string[];
  /** Changes the service configuration on disk. */
  configure(change: object): void;
  run(...line: readonly string[]): Promise<Result>;
}

async function start(t: TestContext): Promise<Started> {
  const user = newUser(t);
  const received: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      const { method, url = '', headers } = request;
      received.push(`${method} ${url} ${body}`);
      response.setHeader('content-type', 'application/json');
      if (url.endsWith('/login')) return response.end(JSON.stringify({ access_token: token }));
      if (headers.authorization !== token) return response.writeHead(401).end('{}');
      if (url.endsWith('/missing')) return response.writeHead(404).end('{"error":"no such widget"}');
      return response.end(JSON.stringify({ method, body }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });

  const dir = join(user.home, 'adapter-nms');
  const system = join(dir, 'entities', '.system');
  mkdirSync(system, { recursive: true });
  const action = {
    name: 'getToken',
    protocol: 'REST',
    method: 'POST',
    entitypath: '/{version}/login',
    requestSchema: 'request.json',
    responseSchema: 'response.json',
    requestDatatype: 'JSON',
    responseDatatype: 'JSON',
    responseObjects: [],
  };
  const schema = (properties: object): string =>
    JSON.stringify({ type: 'object', translate: true, properties });
  const credentials = schema({
    username: { type: 'string' },
    password: { type: 'string', external_name: 'passwd' },
  });
  writeFileSync(join(system, 'action.json'), JSON.stringify({ actions: [action] }));
  writeFileSync(join(system, 'request.json'), credentials);
  writeFileSync(
    join(system, 'response.json'),
    schema({ token: { type: 'string', external_name: 'access_token' } }),
  );

  const properties = join(user.home, 'service.json');
  const authentication = {
    auth_method: 'request_token',
    username: 'systemuser',
    password,
    token_timeout: 180_000,
    auth_field: 'header.headers.Authorization',
    auth_field_format: '{token}',
  };
  const { port } = server.address() as AddressInfo;
  const configure = (change: object): void =>
    writeFileSync(
      properties,
      JSON.stringify({
        host: '127.0.0.1',
        port,
        version: 'v1',
        authentication: { ...authentication, ...change },
      }),
    );
  configure({});
  const run = (...line: readonly string[]): Promise<Result> => user.run(['tessera', 'adapter', ...line]);
  return { user, dir, properties, received, configure, run };
}

function assertNoSecret({ stdout, stderr }: Result): void {
  for (const secret of [password, token]) assert.ok(!(stdout + stderr).includes(secret), secret);
}

test('check: an adapter in order is 0 and silent; --json says so', async (t) => {
  const { run, dir, properties, received } = await start(t);
  assert.deepEqual(await run('check', dir, '--properties', properties), { code: 0, stdout: '', stderr: '' });
  const json = await run('check', join(dir, 'entities', '.system'), '--properties', properties, '--json');
  assert.deepEqual(JSON.parse(json.stdout), { ok: true, problems: [] });
  assert.deepEqual(received, []);
});

test('check: all problems, one a line, and 1; a warning alone is 0', async (t) => {
  const { run, dir, properties, configure } = await start(t);
  configure({ auth_method: 'carrier_pigeon', auth_field: 'nowhere', token_timeout: -7 });
  const wrong = await run('check', dir, '--properties', properties);
  assert.equal(wrong.code, 1);
  const lines = wrong.stdout.trimEnd().split('\n');
  for (const name of ['auth_method', 'auth_field', 'token_timeout'])
    assert.ok(
      lines.some((line) => line.startsWith(`properties#/authentication/${name}: `)),
      wrong.stdout,
    );
  assertNoSecret(wrong);
  const json = await run('check', dir, '--properties', properties, '--json');
  assert.equal(json.code, 1);
  const told = JSON.parse(json.stdout) as { ok: boolean; problems: { pointer: string; cure: string }[] };
  assert.equal(told.ok, false);
  assert.equal(told.problems.length, lines.length);
  assert.ok(told.problems.every(({ cure }) => cure !== ''));

  configure({ auth_field_format: '”{token}”' });
  const odd = await run('check', dir, '--properties', properties);
  assert.equal(odd.code, 0);
  assert.match(odd.stdout, /^warning: properties#\/authentication\/auth_field_format/);
});

test('token: lifetime and fingerprint, never the token; a dry run sends nothing', async (t) => {
  const { run, dir, properties, received } = await start(t);
  const shown = await run('token', dir, '--properties', properties);
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /^token [0-9a-f]{8}, lifetime: (?:180|179) s, until \d{4}-/);
  assertNoSecret(shown);
  const json = await run('token', dir, '--properties', properties, '--json');
  const { fingerprint, lifetimeSeconds } = JSON.parse(json.stdout) as Record<string, unknown>;
  assert.match(String(fingerprint), /^[0-9a-f]{8}$/);
  assert.ok(Number(lifetimeSeconds) >= 179);
  assert.equal(received.length, 2);

  const dry = await run('token', dir, '--properties', properties, '--dry-run');
  assert.equal(dry.code, 0);
  assert.match(dry.stdout, /^POST http:\/\/127\.0\.0\.1:\d+\/v1\/login\n/);
  const length = JSON.stringify({ username: 'systemuser', passwd: password }).length;
  assert.ok(dry.stdout.includes(`Content-Length: ${length}\n`));
  assert.ok(dry.stdout.endsWith('{"username":"systemuser","passwd":"[secret]"}\n'), dry.stdout);
  assertNoSecret(dry);
  assert.equal(received.length, 2);
});

test('call: the body on standard output; from standard input the configuration or the data', async (t) => {
  const { run, user, dir, properties, received } = await start(t);
  const got = await run('call', dir, 'GET', '/api/{version}/widgets?limit=5', '--properties', properties);
  assert.equal(got.code, 0);
  assert.deepEqual(JSON.parse(got.stdout), { method: 'GET', body: '' });
  assert.ok(received.includes('GET /api/v1/widgets?limit=5 '));

  const file = join(user.home, 'widget.json');
  writeFileSync(file, '{"name":"x"}');
  const posted = await run(
    'call',
    dir,
    'POST',
    '/w',
    '--data',
    `@${file}`,
    '--properties',
    properties,
    '--json',
  );
  assert.deepEqual(JSON.parse(posted.stdout), {
    status: 200,
    attempts: 1,
    body: { method: 'POST', body: '{"name":"x"}' },
  });
  const piped = await user.run(
    ['tessera', 'adapter', 'call', dir, 'POST', '/w', '--data', '@-', '--properties', properties],
    { input: 'from a pipe' },
  );
  assert.deepEqual(JSON.parse(piped.stdout), { method: 'POST', body: 'from a pipe' });
  assert.equal(piped.stderr, '');

  const before = received.length;
  const dry = await run(
    'call',
    dir,
    'POST',
    '/w',
    '--data',
    '{"a":1}',
    '--properties',
    properties,
    '--dry-run',
  );
  assert.match(
    dry.stdout,
    /POST [^\n]*\/v1\/login\n.*\n\nPOST [^\n]*\/w\n.*Authorization: \[secret\]\n.*{"a":1}\n$/s,
  );
  assert.equal(received.length, before);
});

test('call: what goes wrong is said on standard error, or as JSON, with 1; wrong usage is 2', async (t) => {
  const { run, user, dir, properties, configure } = await start(t);
  const missing = await run('call', dir, 'GET', '/missing', '--properties', properties);
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
  assert.match(missing.stderr, /^GET http:\/\/[^ ]+\/missing: answered 404 {"error":"no such widget"}/);
  const json = await run('call', dir, 'GET', '/missing', '--properties', properties, '--json');
  assert.equal(json.code, 1);
  assert.equal((JSON.parse(json.stdout) as { error: { kind: string } }).error.kind, 'call_status');

  for (const wrong of [
    ['call', dir, 'GET', '--properties', properties],
    ['call', dir, 'GET', '/x'],
    ['check', '--properties', properties],
    ['call', dir, 'G T', '/x', '--properties', properties],
    ['call', dir, 'POST', '/x', '--properties', '-', '--data', '@-'],
    ['call', dir, 'GET', '/x', '--properties', properties, '--header', 'nonsense'],
    ['token', dir, 'surplus', '--properties', properties],
    ['forge', dir],
  ]) {
    assert.equal((await run(...wrong)).code, 2, wrong.join(' '));
  }
  const noFile = await run('check', dir, '--properties', join(user.home, 'none.json'));
  assert.equal(noFile.code, 1);
  assert.match(noFile.stderr, /none\.json cannot be read \(ENOENT\)/);
  writeFileSync(properties, `{"password": ${password}`);
  const noJson = await run('token', dir, '--properties', properties);
  assert.deepEqual([noJson.code, noJson.stdout], [1, '']);
  assert.match(noJson.stderr, /service\.json is no JSON/);
  assertNoSecret(noJson);
  configure({});
  const noAdapter = await run('token', user.home, '--properties', properties);
  assert.equal(noAdapter.code, 1);
  assert.match(noAdapter.stderr, /action\.json/);
});

test('--properties -: the configuration with its secrets never needs a file', async (t) => {
  const { user, dir, properties, received } = await start(t);
  const input = readFileSync(properties, 'utf8');
  const shown = await user.spawn(['tessera', 'adapter', 'token', dir, '--properties', '-'], { input });
  assert.equal(shown.code, 0, shown.stderr);
  assertNoSecret(shown);
  assert.equal(received.length, 1);
});

test('a password in a vault is named in the configuration, and stays there', async (t) => {
  const { run, user, dir, properties, configure, received } = await start(t);
  configure({ password: '{vault}ci#nms-password' });
  const unknown = await run('check', dir, '--properties', properties);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stdout, /authentication\/password: .*vault/);
  const env = { TESSERA_SECRET_NMS_PASSWORD: password };
  const added = await user.run(['tessera', 'vault', 'add', 'ci', '--kind', 'environment'], { env });
  assert.equal(added.code, 0, added.stderr);
  const shown = await user.run(['tessera', 'adapter', 'token', dir, '--properties', properties], { env });
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(received.join(), new RegExp(password));
  assertNoSecret(shown);
});
