/** Guarantees of the verifier that remembers. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createTokenVerifier,
  generateSigningKey,
  type KeySet,
  keySet,
  signToken,
  type VerificationKey,
  verificationKeyOf,
} from '@tessera/token';
import { assertTokenRefused } from './refusal.ts';
import { signingKey } from './signing-keys.ts';

const key = signingKey('ES256');

/** Counts signatures that are really verified. */
function countingKeys(): {
  keys: KeySet;
  verifications: () => number;
  replace: (next: VerificationKey | null) => void;
} {
  const original = verificationKeyOf(key);
  let count = 0;
  const counting: VerificationKey = {
    ...original,
    verify: (input, signature) => {
      count++;
      return original.verify(input, signature);
    },
  };
  let current: VerificationKey | null = counting;
  return {
    keys: { find: (kid, alg) => (current?.kid === kid && current.alg === alg ? current : null) },
    verifications: () => count,
    replace: (next) => {
      current = next;
    },
  };
}

test('a token that comes again is not verified again', () => {
  const { keys, verifications } = countingKeys();
  const verifier = createTokenVerifier({ keys });
  const token = signToken(key, { sub: 'ada', exp: 2_000 });
  const first = verifier.verify(token, 1_000);
  assert.equal(verifier.verify(`${token}`, 1_001), first);
  assert.deepEqual([verifications(), verifier.size], [1, 1]);
});

test('a remembered token expires when it expires, and is not valid before nbf when the clock goes back', () => {
  const { keys } = countingKeys();
  const verifier = createTokenVerifier({ keys, clockToleranceSeconds: 5 });
  const token = signToken(key, { nbf: 1_000, exp: 2_000 });
  verifier.verify(token, 1_000);
  verifier.verify(token, 2_004.9);
  assertTokenRefused(() => verifier.verify(token, 2_005), 'expired');
  assertTokenRefused(() => verifier.verify(token, 994.9), 'not_yet_valid');
  assert.throws(() => verifier.verify(token, Number.NaN), TypeError);
});

test('a remembered token dies with its key, and does not pass under another key of the same name', () => {
  const { keys, replace } = countingKeys();
  const verifier = createTokenVerifier({ keys });
  const token = signToken(key, { exp: 2_000 });
  verifier.verify(token, 1_000);
  replace(verificationKeyOf(generateSigningKey('ES256', { kid: key.kid })));
  assertTokenRefused(() => verifier.verify(token, 1_000), 'bad_signature');
  replace(null);
  assertTokenRefused(() => verifier.verify(token, 1_000), 'unknown_key');
  assert.equal(verifier.size, 0);
});

test('a forgery of a remembered token is verified, refused and never remembered', () => {
  const { keys } = countingKeys();
  const verifier = createTokenVerifier({ keys });
  const token = signToken(key, { exp: 2_000 });
  verifier.verify(token, 1_000);
  const other = signToken(key, { exp: 3_000 });
  const mixed = `${token.slice(0, token.lastIndexOf('.'))}${other.slice(other.lastIndexOf('.'))}`;
  assertTokenRefused(() => verifier.verify(mixed, 1_000), 'bad_signature');
  assert.equal(verifier.size, 1);
});

test('two verifiers share nothing: what one accepts the other judges by its own rules', () => {
  const { keys } = countingKeys();
  const token = signToken(key, { iss: 'a', aud: 'x', exp: 2_000 });
  createTokenVerifier({ keys, issuer: 'a', audience: 'x' }).verify(token, 1_000);
  assertTokenRefused(() => createTokenVerifier({ keys, issuer: 'b' }).verify(token, 1_000), 'wrong_issuer');
  assertTokenRefused(
    () => createTokenVerifier({ keys, audience: 'y' }).verify(token, 1_000),
    'wrong_audience',
  );
});

test('rules that are changed after the verifier was made change nothing', () => {
  const { keys } = countingKeys();
  const issuer = ['a'];
  const verifier = createTokenVerifier({ keys, issuer });
  issuer.push('b');
  assertTokenRefused(() => verifier.verify(signToken(key, { iss: 'b', exp: 2_000 }), 1_000), 'wrong_issuer');
});

test('nobody can change what the next reader of a remembered token sees', () => {
  const verifier = createTokenVerifier({ keys: keySet([verificationKeyOf(key)]) });
  const token = signToken(key, { exp: 2_000, cust: { groups: ['users'] } });
  const { claims, header } = verifier.verify(token, 1_000) as unknown as {
    claims: { exp: number; cust: { groups: string[] } };
    header: { alg: string };
  };
  assert.throws(() => claims.cust.groups.push('admin'), TypeError);
  assert.throws(() => Object.assign(claims, { exp: 9_000 }), TypeError);
  assert.throws(() => Object.assign(header, { alg: 'none' }), TypeError);
  assert.throws(() => Object.assign(verifier.verify(token, 1_000), { expiresAtSeconds: null }), TypeError);
});

test('the memory is bounded in entries and in the length of tokens, and keeps what is used', () => {
  const { keys, verifications } = countingKeys();
  const verifier = createTokenVerifier({ keys, maxEntries: 10, maxRememberedLength: 400 });
  const favourite = signToken(key, { sub: 'favourite', exp: 2_000 });
  for (let n = 0; n < 50; n++) {
    verifier.verify(signToken(key, { n, exp: 2_000 }), 1_000);
    verifier.verify(favourite, 1_000);
    assert.ok(verifier.size <= 10, `${verifier.size}`);
  }
  assert.equal(verifications(), 51);
  const before = verifier.size;
  verifier.verify(signToken(key, { exp: 2_000, long: 'x'.repeat(400) }), 1_000);
  assert.equal(verifier.size, before);
});

test('forget and clear make the next verification a real one; a memory of 0 remembers nothing', () => {
  const { keys, verifications } = countingKeys();
  const verifier = createTokenVerifier({ keys });
  const token = signToken(key, { exp: 2_000 });
  verifier.verify(token, 1_000);
  verifier.forget(token);
  verifier.verify(token, 1_000);
  verifier.clear();
  verifier.verify(token, 1_000);
  assert.equal(verifications(), 3);

  const forgetful = createTokenVerifier({ keys, maxEntries: 0 });
  forgetful.verify(token, 1_000);
  forgetful.verify(token, 1_000);
  assert.deepEqual([verifications(), forgetful.size], [5, 0]);
  for (const maxEntries of [-1, 1.5, Number.NaN]) {
    assert.throws(() => createTokenVerifier({ keys, maxEntries }), TypeError);
  }
});
