/** Bearers of an issuer whose public keys are given, or fetched from a server that behaves well and badly. @module */
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createGuard, type Guard, jwt, type PublicJwtOptions } from '@tessera/guard';
import {
  exportPrivateJwk,
  exportPublicJwk,
  exportPublicPem,
  generateSigningKey,
  importSigningKey,
  type SigningKey,
  signToken,
} from '@tessera/token';
import { certificatePem, certifiedKeyPem } from '../../../token/test/certificate-fixture.ts';
import { challenge, soundClaims } from '../adapters/tokens.ts';
import { decideBearer, headWith, shown } from '../guard/head.ts';

const issuer = 'https://id.example';
const expected = { issuer, audience: 'UniversalDashboard' };
const first = generateSigningKey('ES256');
const second = generateSigningKey('ES256');
const tokenBy = (key: SigningKey, changes: object = {}): string =>
  signToken(key, soundClaims({ iss: issuer, unique_name: 'Adam', ...changes }));
const jwksOf = (...keys: SigningKey[]): string => JSON.stringify({ keys: keys.map(exportPublicJwk) });
const notFound = `401 ${challenge('The signature key was not found')}`;

describe('keys at hand', () => {
  for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA', 'RS256'] as const) {
    test(`${alg}: as PEM, JWK, KeyObject and JWK Set`, async () => {
      const key = generateSigningKey(alg, { rsaBits: 2048 });
      const sources: PublicJwtOptions[] = [
        { publicKey: exportPublicPem(key), ...expected },
        { publicKey: exportPublicJwk(key), ...expected },
        { publicKey: importSigningKey(exportPrivateJwk(key), { alg }).keyObject, ...expected },
        { jwks: jwksOf(key), ...expected },
        { jwks: { keys: [exportPublicJwk(key)] }, ...expected },
      ];
      for (const [index, source] of sources.entries()) {
        // A private key does not belong where tokens are verified.
        if (index === 2) assert.throws(() => jwt(source), { name: 'KeyError' });
        else
          assert.equal(
            await decideBearer(createGuard({ methods: [jwt(source)] }), tokenBy(key)),
            'pass Adam',
          );
      }
    });
  }

  test('an RSA key is for RS256 unless it is said to be for another algorithm', async () => {
    const key = generateSigningKey('PS512', { rsaBits: 2048 });
    const publicKey = exportPublicPem(key);
    const decide = (options: PublicJwtOptions) =>
      decideBearer(createGuard({ methods: [jwt(options)] }), tokenBy(key));
    assert.equal(await decide({ publicKey, ...expected }), `401 ${challenge('The signature is invalid')}`);
    assert.equal(await decide({ publicKey, algorithm: 'PS512', ...expected }), 'pass Adam');
  });

  test('the key of a certificate, while that is valid', async (t) => {
    const key = importSigningKey(certifiedKeyPem, { alg: 'ES256' });
    const guard = createGuard({ methods: [jwt({ certificate: certificatePem, ...expected })] });
    assert.equal(await decideBearer(guard, tokenBy(key)), 'pass Adam');
    t.mock.timers.enable({ apis: ['Date'], now: new Date('2126-10-30') });
    const later = createGuard({ methods: [jwt({ certificate: certificatePem, ...expected })] });
    assert.match(await decideBearer(later, tokenBy(key)), /^401 /);
    assert.match(await decideBearer(guard, tokenBy(key)), /^401 /);
  });

  test('issuer and audience have to be said; an audience of null is not looked at', async () => {
    const publicKey = exportPublicPem(first);
    assert.throws(() => jwt({ publicKey, audience: 'a' } as unknown as PublicJwtOptions), TypeError);
    assert.throws(() => jwt({ publicKey, issuer } as unknown as PublicJwtOptions), TypeError);
    const guard = createGuard({ methods: [jwt({ publicKey, issuer, audience: null })] });
    assert.equal(await decideBearer(guard, tokenBy(first, { aud: 'anybody' })), 'pass Adam');
    assert.equal(
      await decideBearer(guard, tokenBy(first, { iss: 'x' })),
      `401 ${challenge('The issuer is invalid')}`,
    );
  });

  test('another type of token passes where it is asked for, and no other then', async () => {
    const guard = createGuard({ methods: [jwt({ jwks: jwksOf(first), type: 'at+jwt', ...expected })] });
    const token = signToken(first, soundClaims({ iss: issuer, unique_name: 'Adam' }), { typ: 'AT+JWT' });
    assert.equal(await decideBearer(guard, token), 'pass Adam');
    assert.equal(await decideBearer(guard, tokenBy(first)), '401 Bearer error="invalid_token"');
  });
});

interface KeyServer {
  readonly guard: Guard;
  readonly requests: () => number;
  readonly answerWith: (listener: RequestListener) => void;
  readonly passMs: (elapsedMs: number) => void;
}

/** @param timeoutMs short only where the server is meant to be too slow: a busy machine takes its time for good answers too */
async function startKeyServer(
  t: TestContext,
  { keys = jwksOf(first), timeoutMs = 10_000 }: { keys?: string; timeoutMs?: number } = {},
): Promise<KeyServer> {
  let requests = 0;
  let nowMs = 1_000_000;
  let listener: RequestListener = (_, response) => response.end(keys);
  const server = createServer((request, response) => {
    requests++;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  return {
    guard: createGuard({ methods: [jwt({ jwksUrl, ...expected, clock: () => nowMs, timeoutMs })] }),
    requests: () => requests,
    answerWith: (next) => {
      listener = next;
    },
    passMs: (elapsedMs) => {
      nowMs += elapsedMs;
    },
  };
}

const slow = { timeoutMs: 400 };

/** Asks until the keys are there: an impatient guard on a busy machine may find a good answer too late, and asks again. */
async function untilKnown({ guard, passMs }: KeyServer, token: string): Promise<void> {
  while ((await decideBearer(guard, token)) !== 'pass Adam') passMs(30_000);
}

const failures: readonly [name: string, listener: RequestListener][] = [
  ['is down', (request) => request.socket.destroy()],
  ['is slow', () => {}],
  ['answers 500', (_, response) => response.writeHead(500).end()],
  ['answers HTML', (_, response) => response.end('<html>Sign in</html>')],
  ['answers an empty set', (_, response) => response.end('{"keys":[]}')],
  ['answers a redirect', (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end()],
  ['answers what is too large', (_, response) => response.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`)],
];

describe('keys that are fetched', () => {
  test('a hundred who ask at once cause one request, and later ones none', async (t) => {
    const { guard, requests } = await startKeyServer(t);
    const answers = await Promise.all(Array.from({ length: 100 }, () => decideBearer(guard, tokenBy(first))));
    assert.deepEqual(new Set(answers), new Set(['pass Adam']));
    assert.equal(requests(), 1);
  });

  test('a remembered token is decided on at once, without a promise', async (t) => {
    const { guard } = await startKeyServer(t);
    const head = headWith(['Authorization', `Bearer ${tokenBy(first)}`]);
    assert.ok(guard.decide(head) instanceof Promise);
    await decideBearer(guard, tokenBy(first));
    const token = tokenBy(first);
    const again = headWith(['Authorization', `Bearer ${token}`]);
    for (const _ of [1, 2]) {
      const decision = guard.decide(again);
      assert.ok(!(decision instanceof Promise));
      assert.equal(shown(decision), 'pass Adam');
    }
    assert.equal(guard.metrics().memory.hits, 1);
  });

  for (const [name, listener] of failures) {
    test(`a key server that ${name}: known keys verify for an hour, unknown ones never, and it is asked once in 30 s`, async (t) => {
      const keyServer = await startKeyServer(t, name === 'is slow' ? slow : {});
      const { guard, requests, answerWith, passMs } = keyServer;
      const known = tokenBy(first);
      await untilKnown(keyServer, known);
      const askedBefore = requests();
      answerWith(listener);
      for (let elapsedMs = 0; elapsedMs < 3_600_000 - 60_000; elapsedMs += 600_000) {
        assert.equal(await decideBearer(guard, known), 'pass Adam', `${elapsedMs}`);
        assert.equal(await decideBearer(guard, tokenBy(first)), 'pass Adam', `${elapsedMs}`);
        const unknown = Array.from({ length: 20 }, () => decideBearer(guard, tokenBy(second)));
        assert.deepEqual(new Set(await Promise.all(unknown)), new Set([notFound]));
        passMs(600_000);
      }
      const asked = requests() - askedBefore;
      assert.ok(asked <= 6 * 2, `${asked} requests`);
      passMs(600_000);
      assert.equal(await decideBearer(guard, known), '503 30');
      const { keysUsable, keyFetchFailures } = guard.metrics().methods[0]?.metrics ?? {};
      assert.equal(keysUsable, 0);
      assert.ok((keyFetchFailures ?? 0) >= 6);
      answerWith((_, response) => response.end(jwksOf(first)));
      passMs(30_000);
      await untilKnown(keyServer, known);
    });

    test(`a key server that ${name} from the start: 503 with Retry-After, and no request for tokens of other issuers`, async (t) => {
      const { guard, requests, answerWith } = await startKeyServer(t, name === 'is slow' ? slow : {});
      answerWith(listener);
      assert.equal(await decideBearer(guard, tokenBy(first, { iss: 'https://other.example' })), notFound);
      assert.equal(requests(), 0);
      assert.equal(await decideBearer(guard, tokenBy(first)), '503 30');
      assert.equal(await decideBearer(guard, tokenBy(second)), '503 30');
      assert.equal(requests(), 1);
    });
  }

  test('rotation: the new key is found at once, both verify, and what the old one signed dies with it', async (t) => {
    const { guard, answerWith, passMs } = await startKeyServer(t);
    const old = tokenBy(first);
    assert.equal(await decideBearer(guard, old), 'pass Adam');
    answerWith((_, response) => response.end(jwksOf(first, second)));
    passMs(30_000);
    assert.equal(await decideBearer(guard, tokenBy(second)), 'pass Adam');
    assert.equal(await decideBearer(guard, old), 'pass Adam');
    answerWith((_, response) => response.end(jwksOf(second)));
    passMs(600_000);
    // Renewed in the background: the request that notices is answered by the keys of before.
    assert.equal(await decideBearer(guard, old), 'pass Adam');
    for (let tries = 0; tries < 400; tries++) {
      if ((await decideBearer(guard, old)) !== 'pass Adam') break;
      await pause(5);
    }
    assert.equal(await decideBearer(guard, old), notFound);
    assert.equal(await decideBearer(guard, tokenBy(second)), 'pass Adam');
    assert.equal(guard.metrics().memory.tokens, 2);
  });
});

describe('tokens of the nebularstack dialect', () => {
  const scoped = {
    ver: 2,
    type: 'standard',
    user_id: 'u',
    username: 'mia',
    sid: 's',
    domain: 'Acme',
    roles: ['Support'],
  };
  const guard = createGuard({
    methods: [
      jwt({
        jwks: jwksOf(first),
        ...expected,
        tenants: {
          tenantMembership: async (tenantId: string) =>
            tenantId === 'away' ? 'unknown' : tenantId === 't1' ? 'member' : 'stranger',
        },
      }),
    ],
  });
  const decide = async (...headers: (readonly [string, string])[]) => {
    const decision = await guard.decide(headWith(['X-Auth-Token', tokenBy(first, scoped)], ...headers));
    return decision.kind === 'pass' ? JSON.stringify(decision.principal.scope) : shown(decision);
  };

  test('X-Tenant-ID and X-Domain narrow the principal for one request, and never widen it', async () => {
    for (const _ of ['first', 'remembered']) {
      assert.equal(await decide(), '{"domain":"Acme","tenantId":null}');
      assert.equal(await decide(['X-Tenant-ID', 'T1']), '{"domain":"acme","tenantId":"t1"}');
      assert.equal(
        await decide(['X-Domain', 'acme'], ['X-Tenant-ID', 't1']),
        '{"domain":"acme","tenantId":"t1"}',
      );
      assert.equal(await decide(['X-Tenant-ID', 't2']), '403');
      assert.equal(await decide(['X-Domain', 'other']), '403');
      assert.equal(await decide(['X-Tenant-ID', 'away']), '503 5');
      assert.equal(await decide(['X-Tenant-ID', 't1'], ['x-tenant-id', 't1']), '400');
      assert.equal(await decide(['X-Tenant-ID', 't1,t2']), '400');
    }
  });

  test('roles are the token’s, a minimal token has none, and other tokens of the issuer are none', async () => {
    const principalOf = async (changes: object) => {
      const decision = await guard.decide(headWith(['Authorization', `Bearer ${tokenBy(first, changes)}`]));
      return decision.kind === 'pass'
        ? [decision.principal.userName, ...decision.principal.roles]
        : shown(decision);
    };
    assert.deepEqual(await principalOf(scoped), ['mia', 'Support']);
    assert.deepEqual(await principalOf({ ...scoped, type: 'minimal', roles: ['Support'] }), ['mia']);
    assert.equal(await principalOf({}), '401 Bearer error="invalid_token"');
    assert.equal(await principalOf({ ...scoped, ver: 3 }), '401 Bearer error="invalid_token"');
  });
});
