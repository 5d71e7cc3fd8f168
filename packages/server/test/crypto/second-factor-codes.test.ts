/** One-time passwords against the RFC's own vectors, and recovery codes as they are typed. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeOtpSecret, otpUri, stepOfOtp } from '../../src/crypto/one-time-password.ts';
import { hashRecoveryCode, makeRecoveryCode } from '../../src/crypto/recovery-code.ts';
import { stepAt, stepsAround } from '../../src/domain/second-factor.ts';

/** RFC 6238 appendix B: the ASCII text `12345678901234567890`, in base32. Its eight digits end in our six. */
const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const rfcVectors = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const;

for (const [seconds, code] of rfcVectors)
  test(`the code at ${seconds} s is that of RFC 6238 appendix B`, () => {
    const step = stepAt(seconds * 1000);
    assert.equal(stepOfOtp(rfcSecret, [step], code.slice(2)), step);
  });

test('the code before and after this one is accepted, two away is not', () => {
  const steps = stepsAround(1111111111_000);
  assert.deepEqual(steps, [37037036, 37037037, 37037038]);
  assert.equal(stepOfOtp(rfcSecret, steps, '081804'), 37037036);
  assert.equal(stepOfOtp(rfcSecret, stepsAround(1111111111_000 + 60_000), '050471'), null);
});

test('a secret is 160 bits in base32, and never the same twice', () => {
  assert.match(makeOtpSecret(), /^[A-Z2-7]{32}$/);
  assert.notEqual(makeOtpSecret(), makeOtpSecret());
});

test('an app reads issuer, account and secret from the URI', () => {
  const uri = new URL(otpUri(rfcSecret, { issuer: 'Tessera acme', label: 'mia@acme.example' }));
  assert.equal(uri.protocol, 'otpauth:');
  assert.equal(uri.host, 'totp');
  assert.equal(decodeURIComponent(uri.pathname), '/Tessera acme:mia@acme.example');
  assert.deepEqual(Object.fromEntries(uri.searchParams), {
    issuer: 'Tessera acme',
    secret: rfcSecret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});

test('a recovery code is 80 bits in four groups, and is read however it is typed', () => {
  const code = makeRecoveryCode();
  assert.match(code, /^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
  const kept = hashRecoveryCode('u1', code);
  assert.equal(hashRecoveryCode('u1', ` ${code.toLowerCase().replaceAll('-', ' ')} `), kept);
  assert.notEqual(hashRecoveryCode('u2', code), kept);
  assert.equal(hashRecoveryCode('u1', code.slice(1)), null);
});
