/** Properties of signing and verifying that hold for all claims and all mutations. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeToken, keySet, signToken, TokenError, verificationKeyOf, verifyToken } from '@tessera/token';
import fc from 'fast-check';
import { signTexts } from './forge.ts';
import { assertTokenRefused } from './refusal.ts';
import { algorithms, signingKey } from './signing-keys.ts';

const registered = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', '__proto__'];
const name = fc.string({ unit: 'grapheme' }).filter((text) => !registered.includes(text));
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', '\\', ':', '{', '}', ',', 'u', '\u0000', 'é') }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const claims = fc
  .dictionary(name, json, { maxKeys: 6, noNullPrototype: true })
  .map((rest) => ({ ...rest, exp: 2_000 }));
const rules = { nowSeconds: 1_000 };

test('whatever claims are signed are the claims that are verified and decoded', () => {
  const key = signingKey('HS256');
  const keys = keySet([verificationKeyOf(key)]);
  fc.assert(
    fc.property(claims, (given) => {
      const token = signToken(key, given);
      assert.deepEqual(verifyToken(token, keys, rules).claims, given);
      assert.deepEqual(decodeToken(token).claims, given);
      assert.deepEqual(
        verifyToken(signToken(key, JSON.stringify(given, null, 2)), keys, rules).claims,
        given,
      );
    }),
    { numRuns: 500 },
  );
});

test('a duplicate put anywhere into any claims is found', () => {
  const key = signingKey('HS256');
  const keys = keySet([verificationKeyOf(key)]);
  const texts = fc.tuple(name, json, json, claims).map(([twice, first, second, rest]) => {
    const member = (value: unknown): string => `${JSON.stringify(twice)}:${JSON.stringify(value)}`;
    return `{"exp":2000,"in":[{${member(first)},"rest":${JSON.stringify(rest)} , ${member(second)}}]}`;
  });
  fc.assert(
    fc.property(texts, (text) => {
      assertTokenRefused(
        () => verifyToken(signTexts(key, { alg: 'HS256', kid: key.kid }, text), keys, rules),
        'malformed',
      );
    }),
    { numRuns: 500 },
  );
});

for (const alg of algorithms) {
  test(`any single changed, lost or added character of an ${alg} token is refused`, () => {
    const key = signingKey(alg);
    const keys = keySet([verificationKeyOf(key)]);
    const token = signToken(key, { sub: 'ada', exp: 2_000, a: { b: [1, 2] } });
    verifyToken(token, keys, rules);
    const character = fc.oneof(
      fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const mutations = fc.tuple(fc.nat(token.length - 1), character, fc.constantFrom(0, 1), fc.boolean());
    fc.assert(
      fc.property(mutations, ([at, char, removed, isAdded]) => {
        const mutant = token.slice(0, at) + (isAdded ? char : '') + token.slice(at + removed);
        if (mutant === token) return;
        assert.throws(() => verifyToken(mutant, keys, rules), TokenError);
      }),
      { numRuns: 300 },
    );
  });
}

test('no text makes verifying or decoding throw anything but a TokenError', () => {
  const key = signingKey('ES256');
  const keys = keySet([verificationKeyOf(key)]);
  const segment = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
  );
  const header = fc
    .json()
    .map((text) => Buffer.from(`{"alg":"ES256","kid":"${key.kid}","x":${text}}`).toString('base64url'));
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(segment, { maxLength: 5 }).map((parts) => parts.join('.')),
    fc.tuple(header, segment, segment).map((parts) => parts.join('.')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const run of [() => verifyToken(text, keys, rules), () => decodeToken(text)]) {
        try {
          run();
        } catch (error) {
          assert.ok(error instanceof TokenError, String(error));
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
