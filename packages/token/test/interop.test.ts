/** Tokens travel both ways between this package, `jose` and `jsonwebtoken`, for every algorithm. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  exportPrivateJwk,
  exportPublicJwk,
  importJwks,
  jwkThumbprint,
  keySet,
  signToken,
  verificationKeyOf,
  verifyToken,
} from '@tessera/token';
import * as jose from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { algorithms, signingKey } from './signing-keys.ts';

const nowSeconds = Math.floor(Date.now() / 1000);
const claims = {
  iss: 'https://a.example',
  aud: ['b', 'c'],
  sub: 'ü|1',
  exp: nowSeconds + 300,
  cust: { n: [1, { x: null }] },
};
/** What jsonwebtoken 9 knows: no EdDSA. */
const jsonwebtokenAlgorithms = algorithms.filter((alg) => !alg.startsWith('Ed'));

for (const alg of algorithms) {
  const key = signingKey(alg);
  const keys = keySet([verificationKeyOf(key)]);

  test(`jose verifies what is signed here with ${alg}`, async () => {
    const { keyObject } = verificationKeyOf(key);
    const jwk = keyObject.type === 'secret' ? exportPrivateJwk(key) : exportPublicJwk(key);
    const { payload, protectedHeader } = await jose.jwtVerify(
      signToken(key, claims),
      await jose.importJWK(jwk as jose.JWK, alg),
      { algorithms: [alg], issuer: claims.iss, audience: 'b', typ: 'JWT' },
    );
    assert.deepEqual(payload, claims);
    assert.equal(protectedHeader.kid, key.kid);
  });

  test(`what jose signs with ${alg} is verified here`, async () => {
    const signer = new jose.SignJWT(claims).setProtectedHeader({ alg, kid: key.kid ?? '', typ: 'JWT' });
    const token = await signer.sign(await jose.importJWK(exportPrivateJwk(key) as jose.JWK, alg));
    assert.deepEqual(
      verifyToken(token, keys, { nowSeconds, issuer: claims.iss, audience: 'c', type: 'JWT' }).claims,
      claims,
    );
  });
}

for (const alg of jsonwebtokenAlgorithms) {
  const key = signingKey(alg);
  const keys = keySet([verificationKeyOf(key)]);

  test(`jsonwebtoken verifies what is signed here with ${alg}`, () => {
    const { keyObject } = verificationKeyOf(key);
    const verified = jsonwebtoken.verify(signToken(key, claims), keyObject, {
      algorithms: [alg],
      audience: 'b',
    });
    assert.deepEqual(verified, claims);
  });

  test(`what jsonwebtoken signs with ${alg} is verified here`, () => {
    const token = jsonwebtoken.sign(claims, key.keyObject, {
      algorithm: alg,
      keyid: key.kid ?? '',
      noTimestamp: true,
    });
    assert.deepEqual(verifyToken(token, keys, { nowSeconds }).claims, claims);
  });
}

test('a JWKS exported here is read by jose, and one that jose exports is read here', async () => {
  const key = signingKey('ES256');
  const getKey = jose.createLocalJWKSet({ keys: [exportPublicJwk(key) as jose.JWK] });
  assert.deepEqual((await jose.jwtVerify(signToken(key, claims), getKey)).payload, claims);

  const theirs = await jose.generateKeyPair('PS384', { extractable: true });
  const jwk = { ...(await jose.exportJWK(theirs.publicKey)), kid: 'theirs', alg: 'PS384', use: 'sig' };
  const token = await new jose.SignJWT(claims)
    .setProtectedHeader({ alg: 'PS384', kid: 'theirs' })
    .sign(theirs.privateKey);
  assert.deepEqual(verifyToken(token, importJwks({ keys: [jwk] }), { nowSeconds }).claims, claims);
});

test('a thumbprint is the one that jose computes, and the default kid', async () => {
  for (const alg of ['ES512', 'RS256', 'EdDSA'] as const) {
    const jwk = exportPublicJwk(signingKey(alg));
    assert.equal(jwkThumbprint(jwk), await jose.calculateJwkThumbprint(jwk as jose.JWK));
    assert.equal(jwkThumbprint(jwk), signingKey(alg).kid);
  }
});
