/** Keys of another issuer, fetched from a real server that behaves well and badly. @module */
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  createRemoteKeySet,
  createTokenVerifier,
  exportPrivateJwk,
  exportPublicJwk,
  generateSigningKey,
  type RemoteKeySet,
  type RemoteKeySetOptions,
  type RemoteKeysFailure,
  signToken,
  verifyToken,
  verifyWithRemoteKeys,
} from '@tessera/token';
import { signingKey } from './signing-keys.ts';

const key = signingKey('ES256');
const token = signToken(key, { exp: 2_000 });
const jwks = JSON.stringify({ keys: [exportPublicJwk(key)] });
const rules = { nowSeconds: 1_000 };

interface Setting {
  readonly remote: RemoteKeySet;
  readonly requests: () => number;
  readonly answerWith: (listener: RequestListener) => void;
  readonly passMs: (elapsedMs: number) => void;
  readonly verify: (text?: string) => Promise<unknown>;
}

/** A key server on this machine, a clock that stands still until told, and keys fetched from the one by the other. */
async function setUp(context: TestContext, options: Partial<RemoteKeySetOptions> = {}): Promise<Setting> {
  let requests = 0;
  let nowMs = 1_000_000;
  let listener: RequestListener = (_, response) => response.end(jwks);
  const server = createServer((request, response) => {
    requests++;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  const remote = createRemoteKeySet({ url, clock: () => nowMs, ...options });
  return {
    remote,
    requests: () => requests,
    answerWith: (next) => {
      listener = next;
    },
    passMs: (elapsedMs) => {
      nowMs += elapsedMs;
    },
    verify: (text = token) => verifyWithRemoteKeys(remote, () => verifyToken(text, remote, rules)),
  };
}

test('nothing is fetched before a key is asked for; then once, and not again while the keys are fresh', async (context) => {
  const { requests, verify, passMs } = await setUp(context);
  assert.equal(requests(), 0);
  for (let n = 0; n < 10; n++) await verify();
  passMs(599_999);
  await verify();
  assert.equal(requests(), 1);
});

test('a hundred who ask at once share one flight', async (context) => {
  const { requests, verify } = await setUp(context);
  await Promise.all(Array.from({ length: 100 }, () => verify()));
  assert.equal(requests(), 1);
});

test('a flight that outlasts the cool-down is still the only one', async (context) => {
  const { requests, verify } = await setUp(context, { cooldownMs: 0 });
  await Promise.all(Array.from({ length: 100 }, () => verify()));
  assert.equal(requests(), 1);
});

test('a flood of unknown kids causes one request per cool-down', async (context) => {
  const { requests, verify, passMs } = await setUp(context, { cooldownMs: 30_000 });
  await verify();
  for (let round = 0; round < 3; round++) {
    const flood = Array.from({ length: 50 }, (_, n) =>
      verify(signToken(generateSigningKey('ES256', { kid: `${round}-${n}` }), { exp: 2_000 })),
    );
    for (const { status } of await Promise.allSettled(flood)) assert.equal(status, 'rejected');
    assert.equal(requests(), 1 + round);
    passMs(30_000);
  }
});

test('a key that the issuer adds is found after the cool-down', async (context) => {
  const { verify, answerWith, passMs } = await setUp(context);
  await verify();
  const next = generateSigningKey('ES256');
  const nextToken = signToken(next, { exp: 2_000 });
  answerWith((_, response) =>
    response.end(JSON.stringify({ keys: [exportPublicJwk(key), exportPublicJwk(next)] })),
  );
  await assert.rejects(verify(nextToken), { reason: 'unknown_key' });
  passMs(30_000);
  await verify(nextToken);
  await verify();
});

test('a key that the issuer removes is gone once the keys are older than their age', async (context) => {
  const { remote, verify, answerWith, passMs } = await setUp(context);
  await verify();
  answerWith((_, response) =>
    response.end(JSON.stringify({ keys: [exportPublicJwk(generateSigningKey('ES256'))] })),
  );
  passMs(600_000);
  await verify();
  await remote.load();
  await assert.rejects(verify(), { reason: 'unknown_key' });
});

test('keys beyond their age are renewed in the background, without anybody waiting', async (context) => {
  const { requests, verify, passMs } = await setUp(context);
  await verify();
  passMs(600_000);
  await verify();
  await verify();
  for (let turn = 0; turn < 1_000 && requests() < 2; turn++) await setTimeout(5);
  assert.equal(requests(), 2);
});

test('a refresh that brings the same keys leaves verified tokens remembered', async (context) => {
  const { remote, requests, passMs } = await setUp(context);
  await remote.load();
  const verifier = createTokenVerifier({ keys: remote });
  const first = verifier.verify(token, 1_000);
  passMs(600_000);
  verifier.verify(token, 1_000);
  await remote.load();
  assert.equal(requests(), 2);
  assert.equal(verifier.verify(token, 1_000), first);
});

test('keys outlive an outage of the key server, but not by more than their stale time', async (context) => {
  const { verify, answerWith, passMs, requests } = await setUp(context);
  await verify();
  answerWith((_, response) => response.writeHead(500).end());
  passMs(3_599_999);
  await verify();
  passMs(1);
  await assert.rejects(verify(), { name: 'RemoteKeysError' });
  assert.ok(requests() <= 3);
});

const failures: readonly (readonly [string, RemoteKeysFailure, RequestListener])[] = [
  ['status 500', 'bad_status', (_, response) => response.writeHead(500).end(jwks)],
  ['status 404', 'bad_status', (_, response) => response.writeHead(404).end(jwks)],
  ['status 204', 'bad_status', (_, response) => response.writeHead(204).end()],
  ['a redirect', 'redirect', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  [
    'a permanent redirect',
    'redirect',
    (_, response) => response.writeHead(308, { location: 'http://x/' }).end(),
  ],
  ['HTML', 'bad_content', (_, response) => response.end('<html></html>')],
  ['nothing', 'bad_content', (_, response) => response.end()],
  ['no keys', 'bad_content', (_, response) => response.end('{"keys":[]}')],
  ['two members keys', 'bad_content', (_, response) => response.end(jwks.replace('{', '{"keys":[],'))],
  [
    'no UTF-8',
    'bad_content',
    (_, response) => response.end(Buffer.from(`${jwks.slice(0, -1)},"x":"\xff"}`, 'latin1')),
  ],
  [
    'a published secret',
    'bad_content',
    (_, response) => response.end(JSON.stringify({ keys: [exportPrivateJwk(signingKey('HS256'))] })),
  ],
  [
    'a private key',
    'bad_content',
    (_, response) => response.end(JSON.stringify({ keys: [exportPrivateJwk(key)] })),
  ],
  ['a cut connection', 'unreachable', (request) => request.socket.destroy()],
  ['no answer', 'timeout', () => undefined],
  ['a body that never ends', 'timeout', (_, response) => response.write('{')],
];

for (const [what, reason, listener] of failures) {
  test(`${what} from the key server is a typed error, and is not asked for again within the cool-down`, async (context) => {
    // Impatient only with who gives no answer: on a busy machine any other may take its time.
    const impatient = reason === 'timeout' ? { timeoutMs: 100 } : {};
    const { verify, answerWith, requests } = await setUp(context, impatient);
    answerWith(listener);
    for (let n = 0; n < 3; n++) await assert.rejects(verify(), { name: 'RemoteKeysError', reason });
    assert.equal(requests(), 1);
  });
}

test('a hundred megabytes from the key server are not read', async (context) => {
  const { verify, answerWith } = await setUp(context);
  let sent = 0;
  const chunk = Buffer.alloc(65_536, ' ');
  answerWith((_, response) => {
    const pump = (): void => {
      while (sent < 100_000_000 && !response.destroyed) {
        sent += chunk.byteLength;
        if (!response.write(chunk)) {
          response.once('drain', pump);
          return;
        }
      }
      response.end();
    };
    pump();
  });
  await assert.rejects(verify(), { reason: 'too_large' });
  assert.ok(sent < 20_000_000, `${sent} bytes were sent`);
});

test('a server that is not there is a typed error, and is asked again after the cool-down', async (context) => {
  const { verify, answerWith, passMs } = await setUp(context);
  answerWith((request) => request.socket.destroy());
  await assert.rejects(verify(), { reason: 'unreachable' });
  answerWith((_, response) => response.end(jwks));
  await assert.rejects(verify(), { reason: 'unreachable' });
  passMs(30_000);
  await verify();
});

test('a token that is refused for another reason than its key fetches nothing', async (context) => {
  const { verify, requests } = await setUp(context);
  await assert.rejects(verify('a.b.c'), { reason: 'malformed' });
  assert.equal(requests(), 0);
});

test('keys are fetched over https or from this machine, without credentials in the URL', () => {
  const clock = (): number => 0;
  for (const url of [
    'http://example.com/jwks',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'https://u:p@example.com/',
    'data:,{}',
  ]) {
    assert.throws(() => createRemoteKeySet({ url, clock }), TypeError);
  }
  for (const url of ['https://example.com/jwks', 'http://localhost:1/', 'http://[::1]:1/']) {
    createRemoteKeySet({ url, clock });
  }
});
