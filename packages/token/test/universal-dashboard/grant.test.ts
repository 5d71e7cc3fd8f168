/** Granting tokens in the original's form. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type GrantOptions, grantJsonWebToken, type TokenWarning, verifyJsonWebToken } from '@tessera/token';
import { knownAnswers, knownToken } from './known-answers.ts';

const claimNames = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const silent = (): void => {};
const grant = (options: GrantOptions): string => grantJsonWebToken(options, silent);
const payloadOf = (token: string): string =>
  Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
const claimsOf = (token: string): Record<string, unknown> => JSON.parse(payloadOf(token));

describe('the known answers come out byte for byte', () => {
  for (const [name, { options, payload, signature }] of Object.entries(knownAnswers)) {
    test(name, () => {
      const token = grant(options);
      assert.equal(payloadOf(token), payload);
      const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
      assert.equal(token, `${header}.${Buffer.from(payload).toString('base64url')}.${signature}`);
    });
  }
  test('KAT-1 is the original’s own token', () => {
    assert.equal(grant(knownAnswers['KAT-1'].options), knownToken);
  });
});

test('a token lives a calendar year; 29 February ends on 28', () => {
  const span = (now: string): string => {
    const { exp } = claimsOf(grant({ identity: 'Adam', now: new Date(now) }));
    return new Date(Number(exp) * 1000).toISOString();
  };
  assert.equal(span('2024-02-29T12:00:00Z'), '2025-02-28T12:00:00.000Z');
  assert.equal(span('2023-03-01T00:00:00Z'), '2024-03-01T00:00:00.000Z');
  assert.equal(span('2027-12-31T23:59:59.999Z'), '2028-12-31T23:59:59.000Z');
});

test('an expiry of ten days gives exactly that second', () => {
  const now = new Date('2026-01-01T00:00:00.250Z');
  const expiry = new Date(now.getTime() + 10 * 86_400_000);
  const { nbf, exp } = claimsOf(grant({ identity: 'Adam', now, expiry }));
  assert.equal(exp, Math.floor(expiry.getTime() / 1000));
  assert.equal(Number(exp) - Number(nbf), 864_000);
});

test('each grant has an id of its own: a random GUID of version 4', () => {
  const hash = (): string => verifyJsonWebToken(grant({ identity: 'Adam' })).hash ?? '';
  assert.match(hash(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(hash(), hash());
});

test('userName and application are other names of identity', () => {
  for (const options of [{ identity: 'Adam' }, { userName: 'Adam' }, { application: 'Adam' }]) {
    assert.equal(verifyJsonWebToken(grant(options)).userName, 'Adam');
  }
});

test('an empty list of roles writes no claim', () => {
  assert.deepEqual(verifyJsonWebToken(grant({ identity: 'Adam', roles: [] })).roles, []);
});

describe('what is refused is named, and nothing of it is shown', () => {
  const adam = { identity: 'Adam' };
  const circle: Record<string, unknown> = {};
  circle.again = circle;
  const refused: readonly [name: string, options: object, message: RegExp][] = [
    ['no identity', {}, /exactly one/],
    ['both userName and identity', { userName: 'Adam', identity: 'Adam' }, /exactly one/],
    ['an empty identity', { identity: '' }, /identity/],
    ['an identity that is no text', { identity: 7 }, /identity/],
    ['an expiry that has passed', { ...adam, expiry: new Date(0) }, /not in the future/],
    ['an expiry of this very second', { ...adam, now: new Date(1000), expiry: new Date(1999) }, /future/],
    ['an invalid expiry', { ...adam, expiry: new Date('never') }, /not a valid date/],
    ['an expiry beyond the year 9999', { ...adam, expiry: new Date(8e15) }, /9999/],
    ['an empty role', { ...adam, roles: ['Operator', ''] }, /role/],
    ['an empty key', { ...adam, signingKey: '' }, /empty/],
    ['an empty key of bytes', { ...adam, signingKey: new Uint8Array() }, /empty/],
    ['a hash that is no GUID', { ...adam, hash: '1' }, /GUID/],
    ['an empty issuer', { ...adam, issuer: '' }, /issuer/],
    ['payload exp', { ...adam, payload: { exp: 1 } }, /"exp"/],
    ['payload ISS', { ...adam, payload: { ISS: 'x' } }, /"ISS"/],
    ['payload ſub, which is SUB in upper case', { ...adam, payload: { ſub: 'x' } }, /"ſub"/],
    ['payload roles', { ...adam, payload: { roles: ['x'] } }, /"roles"/],
    ['payload NAME', { ...adam, payload: { [`${claimNames}/NAME`]: 'x' } }, /NAME/],
    ['payload nameidentifier', { ...adam, payload: { [`${claimNames}/nameidentifier`]: 'x' } }, /identifier/],
    ['a Map with jti', { ...adam, payload: new Map([['jti', 'x']]) }, /"jti"/],
    ['undefined', { ...adam, payload: { Account: undefined } }, /"Account" has a value of type undefined/],
    [
      'a function',
      { ...adam, payload: { Account: () => 'secret' } },
      /"Account" has a value of type function/,
    ],
    ['a bigint', { ...adam, payload: { Account: 1n } }, /type bigint/],
    ['NaN', { ...adam, payload: { Account: Number.NaN } }, /number/],
    ['a date', { ...adam, payload: { Account: new Date() } }, /not plain JSON/],
    [
      'a date deep inside',
      { ...adam, payload: { Account: [{ at: new Date() }] } },
      /"Account" .*not plain JSON/,
    ],
    ['a circle', { ...adam, payload: { Account: circle } }, /too deep/],
    ['half a surrogate', { ...adam, payload: { Account: '\ud800' } }, /well-formed/],
    ['__proto__', { ...adam, payload: JSON.parse('{"__proto__":1}') }, /__proto__/],
    ['a payload that is a list', { ...adam, payload: ['x'] }, /object or a Map/],
    ['more than a token holds', { ...adam, payload: { Account: 'x'.repeat(16_384) } }, /at most 16384/],
  ];
  for (const [name, options, message] of refused) {
    test(name, () => {
      assert.throws(() => grant(options as GrantOptions), { name: 'TypeError', message });
    });
  }
});

describe('what is unwise is said, never with the key', () => {
  const warningsOf = (options: GrantOptions): string[] => {
    const warnings: TokenWarning[] = [];
    grantJsonWebToken({ identity: 'Adam', ...options }, (warning) => warnings.push(warning));
    for (const { message } of warnings) {
      assert.doesNotMatch(message, /default_signing_key|SuperSecretKey|PleaseUse|quite/);
    }
    return warnings.map(({ code }) => code);
  };
  test('the default key', () => {
    assert.deepEqual(warningsOf({}), ['TESSERA_DEFAULT_SIGNING_KEY']);
    assert.deepEqual(warningsOf({ signingKey: Buffer.from('default_signing_key') }), [
      'TESSERA_DEFAULT_SIGNING_KEY',
    ]);
  });
  test('published keys', () => {
    assert.deepEqual(warningsOf({ signingKey: 'SuperSecretKey' }), [
      'TESSERA_PUBLISHED_SIGNING_KEY',
      'TESSERA_SHORT_SIGNING_KEY',
    ]);
    assert.ok(
      warningsOf({ signingKey: 'PleaseUseYourOwnSigningKeyHere' }).includes('TESSERA_PUBLISHED_SIGNING_KEY'),
    );
  });
  test('a key of 31 bytes, not one of 32', () => {
    assert.deepEqual(warningsOf({ signingKey: 'quite'.padEnd(31, 'x') }), ['TESSERA_SHORT_SIGNING_KEY']);
    assert.deepEqual(warningsOf({ signingKey: 'quite'.padEnd(32, 'x') }), []);
  });
  test('an expiry that 32-bit times cannot tell', () => {
    const signingKey = 'quite'.padEnd(32, 'x');
    assert.deepEqual(warningsOf({ signingKey, expiry: new Date('2038-01-19T03:14:07Z') }), []);
    assert.deepEqual(warningsOf({ signingKey, expiry: new Date('2038-01-19T03:14:08Z') }), [
      'TESSERA_EXPIRY_BEYOND_2038',
    ]);
  });
});
