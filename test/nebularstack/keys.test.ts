/** Keys, certificates, and tokens that were signed by nobody. Spec nebularstack §5; acceptance 30; verifiers that are not ours. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  X509Certificate,
} from 'node:crypto';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { type Account, assertUnauthorized, decodeJwt, ok, onEachEngine } from './dialect.ts';
import { python, verdictsOf } from './python-verifier.ts';

const tessera = fileURLToPath(new URL('../../packages/cli/bin/tessera.js', import.meta.url));

/** As published: RFC 7517. */
interface PublishedKey {
  readonly kty: string;
  readonly use: string;
  readonly alg: string;
  readonly kid: string;
  readonly x5c: readonly string[];
  readonly 'x5t#S256': string;
  readonly n?: string;
}

onEachEngine((dialect) => {
  let acme = '';
  let ann: Account;
  before(async () => {
    acme = await dialect.createDomain();
    ann = await dialect.createUser(acme, ['Administrator', acme]);
  });

  const jwksUrl = (): string => `${dialect.server.url}/.well-known/jwks.json`;
  const published = async (): Promise<PublishedKey[]> =>
    ok(await dialect.call('GET', '/.well-known/jwks.json')).body.keys;
  const keyOf = async (token: string): Promise<PublishedKey> => {
    const key = (await published()).find(({ kid }) => kid === decodeJwt(token).header.kid);
    assert.ok(key, 'the key of a token is published');
    return key;
  };
  const newToken = async (): Promise<string> => ok(await dialect.v2(ann)).body.token;

  /** By the command line, on the running server's data. */
  const rotate = (alg: string): void => {
    const { dataDir, databaseUrl } = dialect.server;
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_OPTIONS: '--conditions=source',
      TESSERA_DATA_DIR: dataDir,
    };
    if (databaseUrl !== null) env.TESSERA_DATABASE_URL = databaseUrl;
    delete env.NODE_TEST_CONTEXT;
    const { status, stderr } = spawnSync(
      process.execPath,
      [tessera, 'keys', 'rotate', '--alg', alg, '--at-once'],
      {
        env,
        encoding: 'utf8',
      },
    );
    assert.equal(status, 0, stderr);
  };

  const algorithms = ['RS256', 'ES256'];
  for (const algorithm of algorithms) {
    describe(`tokens signed with ${algorithm}`, () => {
      before(() => {
        // The first key is RS256.
        if (algorithm !== 'RS256') rotate(algorithm);
      });

      test('have a published key with a certificate whose hash they name (30)', async () => {
        const token = await newToken();
        const { header } = decodeJwt(token);
        const key = await keyOf(token);
        assert.deepEqual([header.alg, header.typ, header['x5t#S256']], [algorithm, 'JWT', key['x5t#S256']]);
        assert.deepEqual(
          [key.kty, key.use, key.alg],
          [algorithm === 'RS256' ? 'RSA' : 'EC', 'sig', algorithm],
        );
        assert.ok(!('d' in key) && !('k' in key) && !('p' in key));
        const der = Buffer.from(key.x5c[0] ?? '', 'base64');
        assert.equal(createHash('sha256').update(der).digest('base64url'), key['x5t#S256']);
        const certificate = new X509Certificate(der);
        assert.ok(certificate.publicKey.equals(createPublicKey({ key: { ...key }, format: 'jwk' })));
        if (algorithm === 'RS256') {
          assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 3072);
        }
      });

      test('are accepted by jose with the published keys, and refused when changed', async () => {
        const keys = createRemoteJWKSet(new URL(jwksUrl()));
        const options = { issuer: dialect.server.url, algorithms, requiredClaims: ['exp'] };
        const token = await newToken();
        const { payload } = await jwtVerify(token, keys, options);
        assert.deepEqual([payload.user_id, payload.domain, payload.roles], [ann.id, acme, ['Administrator']]);
        for (const changed of changesOf(token)) {
          await assert.rejects(jwtVerify(changed, keys, options), errors.JOSEError);
        }
      });

      // Where Python lacks PyJWT this test does not exist: jose above is the verifier of the world then.
      if (python !== null) {
        test('are accepted by Python’s jwt with the published keys, and refused when changed', async () => {
          const token = await newToken();
          const [good, ...bad] = verdictsOf(python ?? '', jwksUrl(), dialect.server.url, [
            token,
            ...changesOf(token),
          ]);
          assert.ok(good && 'claims' in good, JSON.stringify(good));
          assert.deepEqual([good.claims.user_id, good.claims.roles], [ann.id, ['Administrator']]);
          assert.equal(bad.length, changesOf(token).length);
          for (const verdict of bad) assert.ok('refused' in verdict, JSON.stringify(verdict));
        });
      }

      test('are refused at every route when changed or forged (30)', async () => {
        const login = ok(await dialect.v2(ann)).body;
        const v1 = ok(await dialect.v1(ann)).body.token;
        const v3 = ok(await dialect.v3(ann)).body.token;
        for (const [token, check] of [
          [v1, (text: string) => dialect.call('GET', '/v1/token', { token: text })],
          [v1, (text: string) => dialect.call('PUT', '/v1/token', { token: text })],
          [login.token, (text: string) => dialect.call('GET', '/v1/users', { token: text })],
          [
            login.token,
            (text: string) =>
              dialect.call('PUT', '/v2/token', { token: text, body: { refresh_token: login.refresh_token } }),
          ],
          [
            v3,
            (text: string) =>
              dialect.call('GET', '/v1/users', { token: text, headers: { 'X-Domain': acme } }),
          ],
        ] as const) {
          ok(await check(token));
          for (const forged of [...changesOf(token), ...forgeriesOf(token, await keyOf(token))]) {
            assertUnauthorized(await check(forged));
          }
          // Else the counters of wrong guesses, not the signature, might refuse the next.
          dialect.advance(1);
        }
      });
    });
  }

  test('after switching, tokens of the old key are good everywhere, and both keys are published (K4)', async () => {
    rotate('RS256');
    const old = ok(await dialect.v2(ann)).body;
    rotate('ES256');
    const fresh = ok(
      await dialect.call('PUT', '/v2/token', {
        token: old.token,
        body: { refresh_token: old.refresh_token },
      }),
    ).body;
    assert.deepEqual(
      [decodeJwt(old.token).header.alg, decodeJwt(fresh.token).header.alg],
      ['RS256', 'ES256'],
    );
    for (const { token } of [old, fresh]) {
      ok(await dialect.call('GET', '/v1/users', { token }));
      await jwtVerify(token, createRemoteJWKSet(new URL(jwksUrl())), { algorithms });
    }
  });

  test('tokens of this dialect and of ciphertrust are signed by keys of their own, and pass for each other nowhere', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = { username: 'admin', password: dialect.server.adminPassword };
    const { jwt } = ok(await dialect.call('POST', '/api/v1/auth/tokens', { headers, body })).body;
    assertUnauthorized(await dialect.call('GET', '/v1/users', { token: jwt }));
    assertUnauthorized(await dialect.call('GET', '/v1/token', { token: jwt }));
    const token = await dialect.operator();
    assert.notEqual(decodeJwt(jwt).header.kid, decodeJwt(token).header.kid);
    const bearer = { authorization: `Bearer ${token}` };
    assert.equal((await dialect.call('GET', '/api/v1/auth/self/user', { headers: bearer })).status, 401);
  });
});

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The token with one thing changed that its signature covers, or with another signature. */
function changesOf(token: string): string[] {
  const { header, claims } = decodeJwt(token);
  const [head = '', payload = '', signature = ''] = token.split('.');
  const other = signature.startsWith('A') ? 'B' : 'A';
  return [
    `${head}.${encode({ ...claims, roles: ['Root'] })}.${signature}`,
    `${head}.${encode({ ...claims, user_id: randomUUID() })}.${signature}`,
    `${head}.${encode({ ...claims, exp: 4_000_000_000 })}.${signature}`,
    `${encode({ ...header, extra: 1 })}.${payload}.${signature}`,
    `${head}.${payload}.${other}${signature.slice(1)}`,
    `${head}.${payload}.`,
  ];
}

function forgeriesOf(token: string, key: PublishedKey): string[] {
  const { header, claims } = decodeJwt(token);
  const payload = encode({ ...claims, roles: ['Root'] });
  const hmac = (head: string, secret: string | Buffer): string =>
    `${head}.${payload}.${createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url')}`;
  const pem = createPublicKey({ key: { ...key }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const { x5c: _, ...jwk } = key;
  const hs256 = encode({ ...header, alg: 'HS256' });
  const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const theirs = thief.publicKey.export({ format: 'jwk' });
  const bySomebody = (head: object): string => {
    const input = `${encode(head)}.${payload}`;
    const signature = sign('sha256', Buffer.from(input), {
      key: thief.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `${input}.${signature.toString('base64url')}`;
  };
  return [
    ...['none', 'None', 'nOnE', ''].map((alg) => `${encode({ ...header, alg })}.${payload}.`),
    `${encode({ alg: 'none' })}.${payload}.`,
    hmac(hs256, pem),
    hmac(hs256, String(pem).trim()),
    hmac(hs256, JSON.stringify(jwk)),
    hmac(hs256, Buffer.from(key.x5c[0] ?? '', 'base64')),
    hmac(hs256, ''),
    `${encode({ ...header, kid: randomUUID() })}.${token.split('.')[1]}.${token.split('.')[2]}`,
    bySomebody({ ...header, alg: 'ES256' }),
    bySomebody({ ...header, alg: 'ES256', kid: 'theirs' }),
    bySomebody({ ...header, alg: 'ES256', jwk: theirs }),
    bySomebody({ alg: 'ES256', typ: 'JWT', jwk: theirs }),
    bySomebody({ ...header, alg: 'ES256', jku: 'http://127.0.0.1:1/jwks.json' }),
    bySomebody({ ...header, alg: 'ES256', x5u: 'http://127.0.0.1:1/cert.pem' }),
  ];
}
