/** What holds for every token, not only for those that somebody thought of. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkLifetime,
  decodeJsonWebToken,
  grantJsonWebToken,
  type JsonObject,
  type JsonValue,
  verifyJsonWebToken,
} from '@tessera/token';
import fc from 'fast-check';

const silent = (): void => {};
const text = fc.string({ unit: 'binary', minLength: 1 }).map((value) => value.toWellFormed());
const names = text.filter(
  (name) => !/^(?:sub|nbf|exp|iss|aud|iat|jti|roles?|unique_name|nameid|__proto__)$/i.test(name),
);
const json = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'p'))) as fc.Arbitrary<JsonValue>;
const payload = fc.array(fc.tuple(names, json), { maxLength: 6 }).map((entries) => new Map(entries));

test('what is granted is verified, and decoded in the order in which it was given', () => {
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 3 }), payload, (identity, roles, given) => {
      const token = grantJsonWebToken({ identity, roles, payload: given }, silent);
      const principal = verifyJsonWebToken(token);
      assert.equal(principal.userName, identity);
      assert.deepEqual(principal.roles, [...new Set(roles)]);
      const decoded = [...decodeJsonWebToken(token).payload];
      assert.deepEqual(decoded.slice(decoded.length - given.size), [...given]);
    }),
    { numRuns: 300 },
  );
});

test('a token with one letter changed is not verified', () => {
  const token = grantJsonWebToken({ identity: 'Adam', payload: { Account: 'Billing' } }, silent);
  fc.assert(
    fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom(...'AbC-_9.='), (at, char) => {
      const changed = token.slice(0, at) + char + token.slice(at + 1);
      if (changed !== token) assert.throws(() => verifyJsonWebToken(changed), { name: 'TokenRefused' });
    }),
    { numRuns: 1_000 },
  );
});

test('no text at all makes decoding or verifying throw anything but its own error', () => {
  const part = fc.oneof(
    fc.string(),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      assert.throws(() => verifyJsonWebToken(parts.join('.')), { name: 'TokenRefused' });
      try {
        decodeJsonWebToken(parts.join('.'));
      } catch (error) {
        assert.equal((error as Error).name, 'MalformedToken');
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a lifetime is accepted exactly between nbf − skew and exp + skew', () => {
  const time = fc.integer({ min: 0, max: 1_000 });
  fc.assert(
    fc.property(time, time, time, fc.integer({ min: 0, max: 300 }), (nbf, exp, now, skew) => {
      const claims: JsonObject = { nbf, exp };
      const expected = nbf <= exp && nbf - skew <= now && now <= exp + skew;
      assert.equal(checkLifetime(claims, skew, now) === null, expected);
    }),
    { numRuns: 2_000 },
  );
});
