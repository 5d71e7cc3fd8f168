/** What may be a key, and what becomes of it on the way in and out. @module */
import assert from 'node:assert/strict';
import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  type Algorithm,
  exportPrivateJwk,
  exportPublicJwk,
  exportPublicPem,
  generateSigningKey,
  importSigningKey,
  importVerificationKey,
  type JsonWebKey,
  jwkThumbprint,
  keySet,
  signToken,
  verificationKeyOf,
  verifyToken,
  withCertificate,
} from '@tessera/token';
import { certificatePem, certifiedKeyPem, rootCertificatePem } from './certificate-fixture.ts';
import { assertKeyRefused } from './refusal.ts';
import { algorithms, signingKey } from './signing-keys.ts';

for (const alg of algorithms) {
  test(`an ${alg} key survives export and import, and is the same key by the same name`, () => {
    const key = signingKey(alg);
    const again = importSigningKey(exportPrivateJwk(key), { alg });
    assert.equal(again.kid, key.kid);
    assert.ok(again.keyObject.equals(key.keyObject));
    verifyToken(signToken(again, { exp: 2 }), keySet([verificationKeyOf(key)]), { nowSeconds: 1 });
    if (key.keyObject.type === 'secret') {
      assertKeyRefused(() => exportPublicJwk(key), 'not_public');
      assertKeyRefused(() => exportPublicPem(key), 'not_public');
      return;
    }
    const jwk = exportPublicJwk(key);
    assert.deepEqual([jwk.kid, jwk.alg, jwk.use, jwk.d], [key.kid, alg, 'sig', undefined]);
    for (const source of [jwk, exportPublicPem(key), verificationKeyOf(key).keyObject]) {
      const imported = importVerificationKey(source, { alg });
      assert.equal(imported.kid, key.kid);
      verifyToken(signToken(key, { exp: 2 }), keySet([imported]), { nowSeconds: 1 });
    }
    const pem = key.keyObject.export({ format: 'pem', type: 'pkcs8' }).toString();
    assert.equal(importSigningKey(pem, { alg }).kid, key.kid);
  });
}

test('a kid is the thumbprint unless given; null leaves it out of the header', () => {
  const key = generateSigningKey('ES256');
  assert.equal(key.kid, jwkThumbprint(exportPublicJwk(key)));
  assert.match(generateSigningKey('HS256').kid ?? '', /^[0-9a-f-]{36}$/);
  assert.equal(generateSigningKey('ES256', { kid: 'mine' }).kid, 'mine');
  assert.equal(importSigningKey(randomBytes(32), { alg: 'HS256' }).kid, null);
  const nameless = importSigningKey(randomBytes(32), { alg: 'HS256', kid: null });
  const [header = ''] = signToken(nameless, { exp: 2 }).split('.');
  assert.equal(Buffer.from(header, 'base64url').toString(), '{"alg":"HS256","typ":"JWT"}');
  for (const kid of ['', 'x'.repeat(257), '\ud800']) {
    assertKeyRefused(() => generateSigningKey('ES256', { kid }), 'wrong_kid');
  }
});

test('the header is alg, typ, kid, in this order', () => {
  const [header = ''] = signToken(generateSigningKey('ES256', { kid: '7f3c' }), {}, { typ: 'at+jwt' }).split(
    '.',
  );
  assert.equal(Buffer.from(header, 'base64url').toString(), '{"alg":"ES256","typ":"at+jwt","kid":"7f3c"}');
});

test('claims that are not a JSON object are not signed', () => {
  const key = signingKey('HS256');
  for (const claims of ['', 'null', '[]', ' {}', [1]]) assert.throws(() => signToken(key, claims), TypeError);
});

test('the thumbprint of RFC 7638 §3.1 is computed', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W' +
    '-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08q' +
    'NLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
  const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' };
  assert.equal(jwkThumbprint(jwk), 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  assertKeyRefused(() => jwkThumbprint({ kty: 'RSA', n }), 'malformed_key');
  assertKeyRefused(() => jwkThumbprint({ kty: 'x' }), 'malformed_key');
});

test('a short HMAC secret is refused unless that is allowed by name; an empty one always', () => {
  for (const [alg, bytes] of [
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const) {
    importVerificationKey(randomBytes(bytes), { alg });
    assertKeyRefused(() => importVerificationKey(randomBytes(bytes - 1), { alg }), 'weak_key');
    assertKeyRefused(
      () => importVerificationKey(createSecretKey(randomBytes(bytes - 1)), { alg }),
      'weak_key',
    );
    assertKeyRefused(() => importSigningKey(new Uint8Array(), { alg, weakSecret: 'allow' }), 'weak_key');
  }
  const legacy = Buffer.from('SuperSecretKey');
  const key = importSigningKey(legacy, { alg: 'HS256', weakSecret: 'allow' });
  const keys = keySet([importVerificationKey(legacy, { alg: 'HS256', weakSecret: 'allow' })]);
  verifyToken(signToken(key, { exp: 2 }), keys, { nowSeconds: 1 });
});

test('a key of another kind than its algorithm is refused', () => {
  const ec = exportPublicPem(signingKey('ES256'));
  const rsa = exportPublicPem(signingKey('RS256'));
  const wrong: readonly (readonly [string | Uint8Array, Algorithm])[] = [
    [ec, 'ES384'],
    [ec, 'RS256'],
    [ec, 'EdDSA'],
    [rsa, 'ES256'],
    [exportPublicPem(signingKey('EdDSA')), 'ES256'],
    [randomBytes(64), 'ES256'],
    [randomBytes(64), 'RS256'],
  ];
  for (const [source, alg] of wrong) {
    assertKeyRefused(() => importVerificationKey(source, { alg }), 'algorithm_mismatch', alg);
  }
  for (const [type, alg] of [
    ['ed448', 'EdDSA'],
    ['x25519', 'EdDSA'],
    ['rsa-pss', 'PS256'],
  ] as const) {
    const { publicKey } =
      type === 'rsa-pss'
        ? generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
        : generateKeyPairSync(type as 'ed448');
    assertKeyRefused(() => importVerificationKey(publicKey, { alg }), 'algorithm_mismatch', type);
  }
  const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
  assertKeyRefused(() => importVerificationKey(secp256k1, { alg: 'ES256' }), 'algorithm_mismatch');
  for (const alg of ['none', 'HS1', 'ES256K', 'toString'] as string[]) {
    assertKeyRefused(() => importVerificationKey(ec, { alg: alg as Algorithm }), 'unsupported_algorithm');
  }
});

test('an RSA key under 2048 bits or with a small exponent is refused', () => {
  assertKeyRefused(() => generateSigningKey('RS256', { rsaBits: 2047 }), 'weak_key');
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  assertKeyRefused(() => importSigningKey(short.privateKey, { alg: 'RS256' }), 'weak_key');
  const small = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
  assertKeyRefused(() => importVerificationKey(small.publicKey, { alg: 'PS256' }), 'weak_key');
});

test('private keys do not verify and public keys do not sign', () => {
  const key = signingKey('ES256');
  assertKeyRefused(() => importVerificationKey(exportPrivateJwk(key), { alg: 'ES256' }), 'not_public');
  assertKeyRefused(() => importVerificationKey(key.keyObject, { alg: 'ES256' }), 'not_public');
  assertKeyRefused(() => importVerificationKey(certifiedKeyPem, { alg: 'ES256' }), 'not_public');
  assertKeyRefused(() => importSigningKey(exportPublicJwk(key), { alg: 'ES256' }), 'wrong_use');
  assertKeyRefused(() => importSigningKey(exportPublicPem(key), { alg: 'ES256' }), 'wrong_use');
});

test('a JWK is read to the letter', () => {
  const jwk = exportPublicJwk(signingKey('ES256'));
  const flaws: readonly (readonly [JsonWebKey, string])[] = [
    [{ ...jwk, alg: 'ES384' }, 'algorithm_mismatch'],
    [{ ...jwk, use: 'enc' }, 'wrong_use'],
    [{ ...jwk, key_ops: ['encrypt'] }, 'wrong_use'],
    [{ ...jwk, key_ops: 'verify' as unknown as string[] }, 'wrong_use'],
    [{ ...jwk, crv: 'P-384' }, 'algorithm_mismatch'],
    [{ ...jwk, kty: 'RSA' }, 'algorithm_mismatch'],
    [{ ...jwk, x: `${jwk.x}=` }, 'malformed_key'],
    [{ ...jwk, x: ` ${jwk.x}` }, 'malformed_key'],
    [
      {
        ...jwk,
        x: Buffer.from(`00${Buffer.from(jwk.x ?? '', 'base64url').toString('hex')}`, 'hex').toString(
          'base64url',
        ),
      },
      'malformed_key',
    ],
    [{ ...jwk, x: jwk.y ?? '' }, 'malformed_key'],
    [{ ...jwk, y: 7 as unknown as string }, 'malformed_key'],
    [{ ...jwk, kid: 7 as unknown as string }, 'malformed_key'],
    [{ kty: 'EC', crv: 'P-256' }, 'malformed_key'],
    [{}, 'algorithm_mismatch'],
  ];
  for (const [flawed, reason] of flaws) {
    assert.throws(() => importVerificationKey(flawed, { alg: 'ES256' }), { name: 'KeyError', reason });
  }
  importVerificationKey({ ...jwk, key_ops: ['verify'] }, { alg: 'ES256' });
});

test('an HMAC secret is given as bytes, never as text', () => {
  for (const text of ['x'.repeat(64), certificatePem]) {
    assertKeyRefused(() => importSigningKey(text, { alg: 'HS256' }), 'algorithm_mismatch');
    assertKeyRefused(() => importVerificationKey(text, { alg: 'HS256' }), 'algorithm_mismatch');
  }
});

test('text that is no PEM, and encrypted PEM, are refused', () => {
  const encrypted = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  for (const pem of ['', 'x', encrypted.privateKey, certifiedKeyPem.slice(0, 80)]) {
    assertKeyRefused(() => importSigningKey(pem, { alg: 'ES256' }), 'malformed_key');
  }
});

test('a certified key says so in its tokens and its JWK, and keeps its certificate through export', () => {
  const key = withCertificate(
    importSigningKey(certifiedKeyPem, { alg: 'ES256' }),
    certificatePem + rootCertificatePem,
  );
  const jwk = exportPublicJwk(key);
  assert.equal(jwk.x5c?.length, 2);
  assert.equal(jwk.x5c?.[0], certificatePem.replaceAll(/-----[A-Z ]+-----|\n/g, ''));
  const token = signToken(key, { exp: 2 });
  const verified = verifyToken(token, keySet([importVerificationKey(jwk, { alg: 'ES256' })]), {
    nowSeconds: 1,
  });
  assert.equal(verified.header['x5t#S256'], jwk['x5t#S256']);
  assert.deepEqual(importSigningKey(exportPrivateJwk(key), { alg: 'ES256' }).certificate, key.certificate);
  assert.deepEqual(verificationKeyOf(key).certificate, key.certificate);
  assert.equal(importVerificationKey(certificatePem, { alg: 'ES256' }).kid, key.kid);
});

test('a certificate of another key, out of order or unreadable is refused', () => {
  const key = importSigningKey(certifiedKeyPem, { alg: 'ES256' });
  const refused = (run: () => unknown): void => assertKeyRefused(run, 'wrong_certificate');
  refused(() => withCertificate(signingKey('ES256'), certificatePem));
  refused(() => withCertificate(key, rootCertificatePem + certificatePem));
  refused(() => withCertificate(key, certificatePem + certificatePem));
  refused(() => withCertificate(key, ''));
  refused(() => withCertificate(key, certificatePem.replace('MIIB', 'MIIC')));
  refused(() => withCertificate(signingKey('HS256'), certificatePem));
  const jwk = exportPublicJwk(withCertificate(key, certificatePem));
  const other = exportPublicJwk(signingKey('ES256'));
  refused(() => importVerificationKey({ ...other, x5c: jwk.x5c ?? [] }, { alg: 'ES256' }));
  refused(() => importVerificationKey({ ...jwk, 'x5t#S256': 'AAAA' }, { alg: 'ES256' }));
  refused(() => importVerificationKey({ ...jwk, x5c: 'MIIB' as unknown as string[] }, { alg: 'ES256' }));
  refused(() => importVerificationKey({ ...jwk, x5c: [] }, { alg: 'ES256' }));
});
