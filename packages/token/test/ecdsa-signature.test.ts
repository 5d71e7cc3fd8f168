/** The two forms of an ECDSA signature carry the same numbers. @module */
import assert from 'node:assert/strict';
import { sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { verificationKeyOf } from '@tessera/token';
import fc from 'fast-check';
import { derFromFixed, fixedFromDer } from '../src/ecdsa-signature.ts';
import { signingKey } from './signing-keys.ts';

const coordinateBytesOf = { ES256: 32, ES384: 48, ES512: 66 } as const;

for (const [alg, coordinateBytes] of Object.entries(coordinateBytesOf)) {
  test(`any r and s of ${coordinateBytes} bytes survive the way to DER and back`, () => {
    const leadingZeros = fc.nat(coordinateBytes);
    const number = fc
      .tuple(leadingZeros, fc.uint8Array({ minLength: coordinateBytes, maxLength: coordinateBytes }))
      .map(([zeros, bytes]) => bytes.fill(0, 0, zeros));
    fc.assert(
      fc.property(number, number, (r, s) => {
        const fixed = Buffer.concat([r, s]);
        assert.deepEqual(fixedFromDer(Buffer.from(derFromFixed(fixed)), coordinateBytes), fixed);
      }),
    );
  });

  test(`Node agrees with both directions for ${alg}`, () => {
    const key = signingKey(alg as keyof typeof coordinateBytesOf);
    const { keyObject } = verificationKeyOf(key);
    const hash = `sha${alg.slice(2)}`;
    for (let n = 0; n < 100; n++) {
      const message = Buffer.from(`${n}`);
      const fixed = sign(hash, message, { key: key.keyObject, dsaEncoding: 'ieee-p1363' });
      assert.ok(verify(hash, message, keyObject, derFromFixed(fixed)));
      const converted = fixedFromDer(sign(hash, message, key.keyObject), coordinateBytes);
      assert.ok(verify(hash, message, { key: keyObject, dsaEncoding: 'ieee-p1363' }, converted));
    }
  });
}
