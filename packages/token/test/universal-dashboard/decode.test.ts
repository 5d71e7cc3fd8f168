/** Decoding shows a token, and verifies nothing. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeJsonWebToken, grantJsonWebToken } from '@tessera/token';
import { encode } from '../forge.ts';
import { knownAnswers, knownToken } from './known-answers.ts';

const [header = '', payload = '', signature = ''] = knownToken.split('.');

test('KAT-1 has the 26 properties of the original, in its order', () => {
  const decoded = decodeJsonWebToken(knownToken);
  assert.deepEqual(Object.entries(decoded), [
    ['actor', null],
    ['audiences', ['UniversalDashboard']],
    ['claims', decoded.claims],
    ['encodedHeader', header],
    ['encodedPayload', payload],
    [
      'header',
      new Map([
        ['alg', 'HS256'],
        ['typ', 'JWT'],
      ]),
    ],
    ['id', null],
    ['issuer', 'poshud.com'],
    ['payload', decoded.payload],
    ['innerToken', null],
    ['rawAuthenticationTag', null],
    ['rawCiphertext', null],
    ['rawData', knownToken],
    ['rawEncryptedKey', null],
    ['rawInitializationVector', null],
    ['rawHeader', header],
    ['rawPayload', payload],
    ['rawSignature', signature],
    ['securityKey', null],
    ['signatureAlgorithm', 'HS256'],
    ['signingCredentials', null],
    ['encryptingCredentials', null],
    ['signingKey', null],
    ['subject', 'UniversalDashboard'],
    ['validFrom', new Date('2019-10-23T15:03:45Z')],
    ['validTo', new Date('2020-10-23T15:03:45Z')],
  ]);
  assert.deepEqual(decoded.claims.slice(2), [
    { type: 'sub', value: 'UniversalDashboard' },
    { type: 'nbf', value: '1571843025' },
    { type: 'exp', value: '1603465425' },
    { type: 'iss', value: 'poshud.com' },
    { type: 'aud', value: 'UniversalDashboard' },
    { type: 'Account', value: 'Billing' },
  ]);
});

test('members keep the order in which they are written, numbers among names too', () => {
  const token = grantJsonWebToken(knownAnswers['KAT-3'].options, () => {});
  assert.deepEqual([...decodeJsonWebToken(token).payload.keys()].slice(-3), ['aud', 'Account', '10']);
  const nested = `${header}.${encode('{"b":{"x":":","9":[{"c":1}]},"1":"\\"}","a\\u0062":null}')}.`;
  assert.deepEqual([...decodeJsonWebToken(nested).payload.keys()], ['b', '1', 'ab']);
});

test('a claim that is a list is a claim for each element, as text', () => {
  const token = `${header}.${encode({ aud: ['a', 'b'], role: ['x', 1, { y: null }], actort: 'z', jti: 'i' })}.`;
  const { audiences, claims, actor, id } = decodeJsonWebToken(token);
  assert.deepEqual([audiences, actor, id], [['a', 'b'], 'z', 'i']);
  assert.deepEqual(
    claims.filter(({ type }) => type === 'role').map(({ value }) => value),
    ['x', '1', '{"y":null}'],
  );
});

test('a wrongly signed token, one without times, and one of an algorithm unknown are shown like any other', () => {
  assert.equal(decodeJsonWebToken(`${header}.${payload}.AAAA`).issuer, 'poshud.com');
  const odd = decodeJsonWebToken(`${encode({ alg: 'XYZ' })}.${encode({ exp: 1e300, nbf: 'x' })}.`);
  assert.deepEqual(
    [odd.signatureAlgorithm, odd.validFrom, odd.validTo, odd.audiences],
    ['XYZ', null, null, []],
  );
});

describe('what is no token is malformed, and the message holds none of it', () => {
  const malformed: readonly [name: string, token: unknown][] = [
    ['two parts', 'a.b'],
    ['four parts', `${knownToken}.x`],
    ['no parts', ''],
    ['a signature that is not base64url', `${header}.${payload}.a+b`],
    ['padding', `${header}=.${payload}.${signature}`],
    ['unused bits that are set', `${header}.${payload}.${signature.slice(0, -1)}h`],
    ['a payload that is no JSON', `${header}.${encode('secret')}.${signature}`],
    ['a payload that is a list', `${header}.${encode('["secret"]')}.${signature}`],
    ['a member twice', `${header}.${encode('{"secret":1,"secret":2}')}.${signature}`],
    ['bytes that are no UTF-8', `${header}.${encode(Buffer.from([0x7b, 0xff, 0x7d]))}.${signature}`],
    ['over 16 KiB', `${header}.${encode(`{"secret":"${'x'.repeat(16_384)}"}`)}.${signature}`],
    ['no text', 7],
  ];
  for (const [name, token] of malformed) {
    test(name, () => {
      assert.throws(
        () => decodeJsonWebToken(token as string),
        (error: Error) => {
          assert.equal(error.name, 'MalformedToken');
          assert.doesNotMatch(String(error.stack), /secret"|eyJ|a\.b|a\+b/);
          return true;
        },
      );
    });
  }
});
