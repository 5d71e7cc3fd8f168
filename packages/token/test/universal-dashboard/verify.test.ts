/** Verifying granted tokens, and tokens of other libraries. @module */
import assert from 'node:assert/strict';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { type GrantOptions, grantJsonWebToken, TokenRefused, verifyJsonWebToken } from '@tessera/token';
import { jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { knownAnswers, knownToken } from './known-answers.ts';

const grant = (options: Partial<GrantOptions> = {}): string =>
  grantJsonWebToken({ identity: 'Adam', ...options }, () => {});
const secret = (text: string): KeyObject => createSecretKey(text, 'utf8');
const refusalOf = (verify: () => unknown): string => {
  try {
    verify();
  } catch (error) {
    if (error instanceof TokenRefused) return error.code;
    throw error;
  }
  return 'accepted';
};

test('a bare grant passes a bare verification', () => {
  const principal = verifyJsonWebToken(grant({ roles: ['a', 'b', 'a'], payload: { Account: ['x', 'y'] } }));
  assert.equal(principal.userName, 'Adam');
  assert.deepEqual(principal.roles, ['a', 'b']);
  assert.ok(principal.isInRole('a') && !principal.isInRole('A'));
  assert.ok(principal.hasClaim('Account', 'y') && !principal.hasClaim('account', 'y'));
  assert.equal(principal.claim('Account'), 'x');
  assert.equal(principal.claim('nothing'), null);
});

test('names and roles are read under their short names as well', () => {
  const sign = (claims: object): string =>
    jsonwebtoken.sign(
      { ...claims, aud: 'UniversalDashboard', iss: 'poshud.com' },
      secret('default_signing_key'),
      {
        expiresIn: 60,
      },
    );
  const { userName, roles } = verifyJsonWebToken(sign({ unique_name: 'Eve', role: 'a', roles: ['b'] }));
  assert.deepEqual([userName, roles], ['Eve', ['a', 'b']]);
  const nobody = verifyJsonWebToken(sign({ name: 'Eve', sub: 'Eve' }));
  assert.deepEqual([nobody.userName, nobody.roles, nobody.subject], [null, [], 'Eve']);
});

test('a principal cannot be changed by who holds it', () => {
  const principal = verifyJsonWebToken(grant({ roles: ['a'] }));
  assert.throws(() => (principal.roles as string[]).push('root'), TypeError);
  assert.throws(() => Object.assign(principal, { userName: 'Eve' }), TypeError);
  principal.expiresAt?.setFullYear(9999);
  assert.notEqual(principal.expiresAt?.getFullYear(), 9999);
});

test('KAT-1 is expired today, and was good in its time', () => {
  assert.equal(
    refusalOf(() => verifyJsonWebToken(knownToken)),
    'expired',
  );
  const { userName, hash, expiresAt } = verifyJsonWebToken(knownToken, { now: new Date('2020-01-01') });
  assert.deepEqual(
    [userName, hash, expiresAt?.toISOString()],
    ['Adam', 'de19e3e8-2be5-4ad6-a14c-b0988979773c', '2020-10-23T15:03:45.000Z'],
  );
});

test('with a skew of 0 the limits are exact', () => {
  const [from, until] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:01:00Z')];
  const token = grant({ now: from, expiry: until });
  const at = (offsetMs: number): string =>
    refusalOf(() =>
      verifyJsonWebToken(token, { clockSkewSeconds: 0, now: new Date(from.getTime() + offsetMs) }),
    );
  assert.deepEqual(
    [at(-1), at(0), at(60_000), at(60_001)],
    ['not_valid_yet', 'accepted', 'accepted', 'expired'],
  );
});

test('issuer and audience may be lists; what is given when verifying is what was given when granting', () => {
  const token = grant({ issuer: 'IMS', audience: 'B', signingKey: 'SuperSecretKey' });
  const options = { signingKey: 'SuperSecretKey', issuer: ['X', 'IMS'], audience: ['A', 'B'] };
  assert.equal(verifyJsonWebToken(token, options).issuer, 'IMS');
  assert.equal(
    refusalOf(() => verifyJsonWebToken(token, { ...options, issuer: 'ims' })),
    'issuer_invalid',
  );
  assert.equal(
    refusalOf(() => verifyJsonWebToken(token, { ...options, audience: 'b' })),
    'audience_invalid',
  );
  assert.equal(
    refusalOf(() => verifyJsonWebToken(token)),
    'signature_invalid',
  );
});

test('options that are none are refused before any token is looked at', () => {
  for (const options of [
    { signingKey: '' },
    { issuer: '' },
    { audience: [] },
    { clockSkewSeconds: -1 },
    { clockSkewSeconds: Number.NaN },
    { now: new Date('never') },
  ]) {
    assert.throws(() => verifyJsonWebToken(grant(), options), TypeError);
  }
});

test('the public key of somebody is no shared key', () => {
  const signingKey =
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----';
  assert.throws(() => verifyJsonWebToken(grant(), { signingKey }), { name: 'KeyError' });
  assert.throws(() => grant({ signingKey }), { name: 'KeyError' });
});

test('jsonwebtoken and jose verify the known answers with the named keys', async () => {
  for (const { options } of Object.values(knownAnswers)) {
    const token = grantJsonWebToken(options, () => {});
    const key = String(options.signingKey ?? 'default_signing_key');
    const clock = { clockTimestamp: Number(options.now) / 1000 };
    const byOne = jsonwebtoken.verify(token, secret(key), { algorithms: ['HS256'], ...clock }) as {
      aud: string;
    };
    const byOther = await jwtVerify(token, Buffer.from(key), { currentDate: options.now ?? new Date() });
    assert.equal(byOne.aud, 'UniversalDashboard');
    assert.equal(byOther.payload.iss, options.issuer ?? 'poshud.com');
  }
});

test('tokens that jsonwebtoken and jose sign are accepted', async () => {
  const key = 'a key of their own, long enough for everybody';
  const claims = { unique_name: 'Eve', aud: ['x', 'UniversalDashboard'], iss: 'poshud.com' };
  const tokens = [
    jsonwebtoken.sign(claims, secret(key), { expiresIn: 60, keyid: 'k' }),
    await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(Buffer.from(key)),
  ];
  for (const token of tokens) assert.equal(verifyJsonWebToken(token, { signingKey: key }).userName, 'Eve');
});
