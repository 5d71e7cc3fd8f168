/** What claims may be and what a verifier asks of them; the numbers are those of the project's list of attacks, part B. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keySet, signToken, type TokenRules, verificationKeyOf, verifyToken } from '@tessera/token';
import { signTexts } from './forge.ts';
import { assertTokenRefused } from './refusal.ts';
import { signingKey } from './signing-keys.ts';

const key = signingKey('ES256');
const keys = keySet([verificationKeyOf(key)]);
const nowSeconds = 1_000;

function verify(claims: object | string, rules: Partial<TokenRules> = {}): unknown {
  return verifyToken(signTexts(key, { alg: 'ES256', typ: 'JWT', kid: key.kid }, claims), keys, {
    nowSeconds,
    ...rules,
  });
}

test('16: a date that is not a number of seconds between 1970 and 9999 is refused', () => {
  for (const name of ['exp', 'nbf', 'iat']) {
    const dates = [
      '"2000"',
      'null',
      'true',
      '[]',
      '{}',
      '-1',
      '-0.1',
      '1e308',
      '1e400',
      '"NaN"',
      '253402300800',
    ];
    for (const date of dates) {
      const rest = name === 'exp' ? '' : ',"exp":2000';
      assertTokenRefused(() => verify(`{"${name}":${date}${rest}}`), 'invalid_claims', `${name} ${date}`);
    }
  }
  verify('{"exp":253402300799,"nbf":0,"iat":999.5}');
  verify('{"exp":2e3}');
});

test('16: a token lives until the second before exp, and from nbf on', () => {
  verify({ exp: 1_001, nbf: 1_000 });
  verify({ exp: 1_000.5 });
  assertTokenRefused(() => verify({ exp: 1_000 }), 'expired');
  assertTokenRefused(() => verify({ exp: 999.9 }), 'expired');
  assertTokenRefused(() => verify({ exp: 0 }), 'expired');
  assertTokenRefused(() => verify({ exp: 2_000, nbf: 1_001 }), 'not_yet_valid');
  assertTokenRefused(() => verify({ exp: 2_000, nbf: 1_000.1 }), 'not_yet_valid');
});

test('16: the tolerance moves both ends by exactly itself', () => {
  const rules = { clockToleranceSeconds: 5 };
  verify({ exp: 996 }, rules);
  assertTokenRefused(() => verify({ exp: 995 }, rules), 'expired');
  verify({ exp: 2_000, nbf: 1_005 }, rules);
  assertTokenRefused(() => verify({ exp: 2_000, nbf: 1_005.1 }, rules), 'not_yet_valid');
});

test('16: a token without exp is refused unless the verifier says that it need not have one', () => {
  assertTokenRefused(() => verify({ sub: 'ada' }), 'invalid_claims');
  const token = signToken(key, { sub: 'ada' });
  assert.equal(verifyToken(token, keys, { nowSeconds, expiry: 'optional' }).expiresAtSeconds, null);
});

test('16: a clock that gives no number is a defect, not an eternal token', () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    assert.throws(() => verify({ exp: 2_000 }, { nowSeconds: bad }), TypeError);
    assert.throws(() => verify({ sub: 'a' }, { nowSeconds: bad, expiry: 'optional' }), TypeError);
  }
  assert.throws(() => verify({ exp: 2_000 }, { clockToleranceSeconds: Number.NaN }), TypeError);
  assert.throws(() => verify({ exp: 2_000 }, { clockToleranceSeconds: -1 }), TypeError);
});

test('17: the audience is one of those in the token, compared exactly', () => {
  const rules = { audience: 'https://api.example' };
  for (const aud of ['https://api.example', ['https://api.example'], ['other', 'https://api.example']]) {
    verify({ exp: 2_000, aud }, rules);
  }
  for (const aud of [
    undefined,
    'other',
    [],
    ['other'],
    'https://api.example/',
    'HTTPS://api.example',
    '.*',
    '',
    'https://api',
  ]) {
    assertTokenRefused(() => verify({ exp: 2_000, aud }, rules), 'wrong_audience', String(aud));
  }
  for (const aud of [1, null, {}, [['https://api.example']], ['https://api.example', 1], [null]]) {
    assertTokenRefused(() => verify({ exp: 2_000, aud }, rules), 'invalid_claims');
    assertTokenRefused(() => verify({ exp: 2_000, aud }), 'invalid_claims');
  }
  verify({ exp: 2_000, aud: 'b' }, { audience: ['a', 'b'] });
  assertTokenRefused(() => verify({ exp: 2_000, aud: 'b' }, { audience: [] }), 'wrong_audience');
});

test('18: the issuer is compared exactly', () => {
  const rules = { issuer: 'https://id.example' };
  verify({ exp: 2_000, iss: 'https://id.example' }, rules);
  verify({ exp: 2_000, iss: 'https://id.example' }, { issuer: ['kylo', 'https://id.example'] });
  for (const iss of [undefined, '', 'https://id.example/', 'https://ID.example', 'https://id.example.evil']) {
    assertTokenRefused(() => verify({ exp: 2_000, iss }, rules), 'wrong_issuer', String(iss));
  }
  for (const iss of [['https://id.example'], null, 1, { toString: 1 }]) {
    assertTokenRefused(() => verify({ exp: 2_000, iss }, rules), 'invalid_claims');
  }
});

test('sub and jti are text where they are given', () => {
  for (const name of ['sub', 'jti']) {
    for (const value of [1, null, {}, []]) {
      assertTokenRefused(() => verify({ exp: 2_000, [name]: value }), 'invalid_claims');
    }
  }
});

test('19: each kind of token passes only as its own kind', () => {
  const kinds = ['at+jwt', 'JWT', 'refresh+jwt', 'statuslist+jwt', 'logout+jwt'];
  for (const signed of kinds) {
    const token = signToken(key, { exp: 2_000 }, { typ: signed });
    for (const type of kinds) {
      const run = (): unknown => verifyToken(token, keys, { nowSeconds, type });
      if (signed === type) run();
      else assertTokenRefused(run, 'wrong_type', `${signed} as ${type}`);
    }
  }
  assertTokenRefused(
    () => verifyToken(signToken(key, { exp: 2_000 }, { typ: null }), keys, { nowSeconds, type: 'JWT' }),
    'wrong_type',
  );
});
