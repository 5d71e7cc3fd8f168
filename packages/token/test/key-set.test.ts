/** Which key sets are taken, and what they give. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportPrivateJwk, exportPublicJwk, generateSigningKey, importJwks } from '@tessera/token';
import { assertKeyRefused } from './refusal.ts';
import { signingKey } from './signing-keys.ts';

const ec = exportPublicJwk(signingKey('ES256'));
const rsa = exportPublicJwk(signingKey('RS256'));
const secret = exportPrivateJwk(signingKey('HS256'));

test('a set gives its keys by name and algorithm together', () => {
  const keys = importJwks({ keys: [ec, rsa] });
  assert.equal(keys.find(ec.kid ?? '', 'ES256')?.alg, 'ES256');
  assert.equal(keys.find(ec.kid ?? '', 'RS256'), null);
  assert.equal(keys.find('other', 'ES256'), null);
  assert.equal(keys.find(null, 'RS256')?.kid, rsa.kid);
  assert.equal(keys.find(null, 'HS256'), null);
});

test('keys that are not for signatures or not understood are left out', () => {
  const others = [
    { ...rsa, kid: 'enc', use: 'enc' },
    { ...rsa, kid: 'oaep', alg: 'RSA-OAEP' },
    { kty: 'LWE', kid: 'future' },
    { ...ec, kid: 'flawed', x: '!' },
    { kty: 'OKP', crv: 'X25519', kid: 'x', x: ec.x },
  ];
  const keys = importJwks(JSON.stringify({ keys: [...others, ec], extra: 1 }));
  assert.equal(keys.find(null, 'ES256')?.kid, ec.kid);
  for (const { kid } of others) assert.equal(keys.find(kid, 'RS256'), null);
});

test('a key without alg is bound to the algorithm of its curve, or for RSA to the one that the caller names', () => {
  const bare = ({ alg: _, ...jwk }: typeof ec): typeof ec => jwk;
  const keys = importJwks({ keys: [bare(ec), bare(rsa), bare(exportPublicJwk(signingKey('EdDSA')))] });
  assert.deepEqual(
    ['ES256', 'RS256', 'EdDSA'].map((alg) => keys.find(null, alg)?.alg),
    ['ES256', 'RS256', 'EdDSA'],
  );
  assert.equal(keys.find(null, 'PS256'), null);
  assert.equal(
    importJwks({ keys: [bare(rsa)] }, { rsaAlgorithm: 'PS256' }).find(null, 'PS256')?.alg,
    'PS256',
  );
  assertKeyRefused(() => importJwks({ keys: [bare(secret)] }), 'no_usable_key');
});

test('a set that leaves doubt about what it means is refused whole', () => {
  const twins = ['ES256', 'ES256'].map(() => exportPublicJwk(generateSigningKey('ES256', { kid: 'twin' })));
  assertKeyRefused(() => importJwks({ keys: twins }), 'duplicate_kid');
  assertKeyRefused(() => importJwks({ keys: [twins[0], { ...twins[1], alg: undefined }] }), 'duplicate_kid');
  assertKeyRefused(() => importJwks({ keys: [ec, secret] }), 'mixed_key_set');
  assertKeyRefused(() => importJwks({ keys: [ec, exportPrivateJwk(signingKey('RS256'))] }), 'not_public');
  assertKeyRefused(() => importJwks({ keys: [] }), 'no_usable_key');
  assertKeyRefused(() => importJwks({ keys: [{ ...ec, use: 'enc' }] }), 'no_usable_key');
});

test('keys of one name are told apart by their algorithm, and by what they are for', () => {
  const named = (jwk: object): object => ({ ...jwk, kid: 'shared' });
  const keys = [named(ec), named(rsa), { ...named(rsa), alg: 'RSA-OAEP', use: 'enc' }];
  for (const set of [importJwks({ keys }), importJwks({ keys: keys.toReversed() })]) {
    for (const alg of ['ES256', 'RS256']) assert.equal(set.find('shared', alg)?.alg, alg);
    for (const alg of ['RSA-OAEP', 'PS256', 'ES384', 'HS256']) assert.equal(set.find('shared', alg), null);
  }
});

test('what is not a JWK Set is refused', () => {
  const twice = `{"keys":[],"keys":[${JSON.stringify(ec)}]}`;
  for (const text of [
    '',
    '[]',
    'null',
    '{}',
    '{"keys":{}}',
    '{"keys":[1]}',
    '{"keys":[null]}',
    '<html>',
    twice,
  ]) {
    assertKeyRefused(() => importJwks(text), 'malformed_key_set', text);
  }
});
