/** A guarded API while its Tessera server is down, slow, or something else: no false accept, no false refusal of known keys. @module */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { removeKey } from '../../packages/server/src/app/manage-keys.ts';
import { loadConfig } from '../../packages/server/src/config/load-config.ts';
import { type Dialect, decodeJwt, dialectOf } from '../ciphertrust/dialect.ts';
import { type Server, startServer } from '../harness/server.ts';
import { registerApplication, revoke } from './asking.ts';
import { type FickleProxy, type Mood, startFickleProxy } from './fickle-proxy.ts';
import { type GuardedApi, startGuardedApi } from './guarded-api.ts';

let server: Server;
let dialect: Dialect;
let proxy: FickleProxy;
let credential: string;
const guarded = (more: object = {}): Promise<GuardedApi> =>
  startGuardedApi({ tessera: { server: proxy.url, issuer: server.url, credential, ...more } });

before(async () => {
  server = await startServer();
  dialect = dialectOf(() => server);
  proxy = await startFickleProxy(() => server.url);
  credential = (await registerApplication(server)).credential;
});
after(async () => {
  await proxy.close();
  await server.stop();
});

const faults: readonly Mood[] = ['down', 'html', 'redirect', 'error', 'garbled', 'silent', 'huge'];

// At the same time, each with a server's face of its own.
describe('who was let in stays in until the feed is too old, then 503; nobody else gets in', {
  concurrency: 4,
}, () => {
  for (const mood of faults) {
    test(`behind a server that is ${mood}`, async () => {
      const face = await startFickleProxy(() => server.url);
      // Long enough for what is asked before it is over, on a busy machine too.
      const api = await guarded({ server: face.url, maxStaleSeconds: 3 });
      try {
        const [known, gone] = [await dialect.grant(), await dialect.grant()];
        assert.equal((await api.call(known.jwt)).status, 200);
        await revoke(dialect, gone);
        await api.until(401, gone.jwt);
        face.mood = mood;
        const { signature } = partsOf(known.jwt);
        const forged = known.jwt.replace(signature, turned(signature));
        assert.equal((await api.call(known.jwt)).status, 200);
        assert.equal((await api.call(forged)).status, 401);
        assert.equal((await api.call(gone.jwt)).status, 401);
        const stale = await api.until(503, known.jwt);
        assert.ok(Number(stale.retryAfter) > 0);
        assert.equal((await api.call(forged)).status, 401);
        assert.equal((await api.call(gone.jwt)).status, 401);
        const { methods } = await api.metrics();
        assert.equal(methods[0]?.metrics.feedStale, 1);
        face.mood = 'honest';
        await api.until(200, known.jwt);
        assert.equal((await api.call(gone.jwt)).status, 401);
      } finally {
        await api.stop();
        await face.close();
      }
    });
  }
});

test('an API that starts while the server is down lets nobody in, and everybody when it is back', async () => {
  const { jwt } = await dialect.grant();
  proxy.mood = 'down';
  const api = await guarded();
  try {
    const refused = await api.call(jwt);
    assert.deepEqual([refused.status, Number(refused.retryAfter) > 0], [503, true]);
    proxy.mood = 'honest';
    await api.until(200, jwt);
  } finally {
    proxy.mood = 'honest';
    await api.stop();
  }
});

test('where the operator says so, a good token is taken however old the feed is, and a revoked one is not', async () => {
  const api = await guarded({ maxStaleSeconds: 0.2, whenStale: 'accept' });
  try {
    const [known, gone] = [await dialect.grant(), await dialect.grant()];
    assert.equal((await api.call(known.jwt)).status, 200);
    await revoke(dialect, gone);
    await api.until(401, gone.jwt);
    proxy.mood = 'down';
    while ((await api.metrics()).methods[0]?.metrics.feedStale !== 1);
    assert.equal((await api.call(known.jwt)).status, 200);
    assert.equal((await api.call(gone.jwt)).status, 401);
  } finally {
    proxy.mood = 'honest';
    await api.stop();
  }
});

test('in the mode online a server that cannot be asked is 503 for good tokens, 401 for forged ones', async () => {
  const api = await guarded({ mode: 'online' });
  try {
    const { jwt, ...rest } = await dialect.grant();
    assert.equal((await api.call(jwt)).status, 200);
    for (const mood of faults.filter((one) => one !== 'silent' && one !== 'huge')) {
      proxy.mood = mood;
      assert.equal((await api.call(jwt)).status, 503, mood);
      const { signature } = partsOf(jwt);
      assert.equal((await api.call(jwt.replace(signature, turned(signature)))).status, 401, mood);
    }
    proxy.mood = 'honest';
    assert.equal((await api.call(jwt)).status, 200);
    await revoke(dialect, rest);
    assert.match((await api.call(jwt)).challenge ?? '', /The token is revoked/);
  } finally {
    proxy.mood = 'honest';
    await api.stop();
  }
});

test('keys rotated under load: not one good token is refused; a key that is removed ends its tokens', async () => {
  const api = await guarded();
  try {
    const first = await dialect.grant();
    assert.equal((await api.call(first.jwt)).status, 200);
    const rotate = async (): Promise<string> => {
      const path = '/api/v1/auth/rotate-auth-key';
      const rotated = await dialect.api.post(path, { type: 'ecdsa' }, { jwt: await dialect.jwt() });
      assert.equal(rotated.status, 200, rotated.text);
      return rotated.body.id;
    };
    const statuses = new Set<number>();
    let isOver = false;
    const load = (async () => {
      const jwts = [first.jwt];
      while (!isOver) {
        jwts.push(await dialect.jwt());
        for (const jwt of jwts.slice(-3)) statuses.add((await api.call(jwt)).status);
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      await rotate();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    isOver = true;
    await load;
    assert.deepEqual([...statuses], [200]);
    const removed = await dialect.grant();
    assert.equal((await api.call(removed.jwt)).status, 200);
    const kid = decodeJwt(removed.jwt).header.kid;
    const env = { TESSERA_DATA_DIR: server.dataDir };
    await removeKey(await loadConfig({ env, workingDirectory: server.dataDir, configFile: null }), kid);
    await api.until(401, removed.jwt);
    assert.equal((await api.call(await dialect.jwt())).status, 200);
  } finally {
    await api.stop();
  }
});

test('tokens of unknown keys, however many, cause no more than one request for keys in a second', async () => {
  const api = await guarded();
  try {
    const { jwt } = await dialect.grant();
    assert.equal((await api.call(jwt)).status, 200);
    const before = proxy.asked('/.well-known/jwks.json');
    const { header, payload, signature } = partsOf(jwt);
    const claims = JSON.parse(Buffer.from(header, 'base64url').toString());
    const startedAtMs = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, at) => {
        const named = Buffer.from(JSON.stringify({ ...claims, kid: `unknown ${at}` })).toString('base64url');
        return api.call(`${named}.${payload}.${signature}`);
      }),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [401]);
    const most = 2 + Math.ceil((performance.now() - startedAtMs) / 1_000);
    assert.ok(proxy.asked('/.well-known/jwks.json') - before <= most);
    assert.equal((await api.call(jwt)).status, 200);
  } finally {
    await api.stop();
  }
});

function partsOf(jwt: string): { header: string; payload: string; signature: string } {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  return { header, payload, signature };
}

/** Another signature of the same form. */
function turned(signature: string): string {
  const first = signature.startsWith('A') ? 'B' : 'A';
  return `${first}${signature.slice(1)}`;
}
