/** A secret never shows; secrets are equal when their bytes are. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
  equalInConstantTime,
  exportPrivateJwk,
  generateSigningKey,
  importSigningKey,
  Secret,
  verificationKeyOf,
} from '@tessera/token';
import { algorithms, signingKey } from './signing-keys.ts';

const value = 'correct horse battery staple';

test('no usual way of printing shows a secret', () => {
  for (const secret of [new Secret(value), new Secret(Buffer.from(value))]) {
    const error = new Error('failed', { cause: secret });
    const prints = [
      String(secret),
      `${secret}`,
      `${[secret]}`,
      JSON.stringify({ secret, list: [secret] }),
      inspect(secret),
      inspect({ secret }, { depth: 9, showHidden: true }),
      inspect(secret, { customInspect: false, showHidden: true }),
      inspect(error),
      inspect(new Map([[secret, secret]])),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(Object.getOwnPropertyNames(secret)),
      JSON.stringify({ ...secret }),
      JSON.stringify(structuredClone(secret)),
    ];
    for (const print of prints) {
      assert.ok(!print.includes('horse'), print);
      assert.ok(!print.includes(Buffer.from(value).toString('hex').slice(0, 8)), print);
    }
  }
  assert.deepEqual(
    [String(new Secret(value)), JSON.stringify(new Secret(value)), inspect(new Secret(value))],
    ['[secret]', '"[secret]"', '[secret]'],
  );
});

test('reveal gives the value itself', () => {
  assert.equal(new Secret(value).reveal(), value);
  const bytes = Buffer.from(value);
  assert.equal(new Secret(bytes).reveal(), bytes);
});

test('comparison sees every difference, in length too, and text equals its UTF-8 bytes', () => {
  assert.ok(equalInConstantTime('é', Buffer.from('é')));
  assert.ok(equalInConstantTime('', new Uint8Array()));
  assert.ok(!equalInConstantTime('a', 'a\u0000'));
  assert.ok(!equalInConstantTime('a', 'b'));
  assert.ok(new Secret(value).equals(value));
  assert.ok(new Secret(value).equals(new Secret(Buffer.from(value))));
  assert.ok(!new Secret(value).equals(`${value} `));
});

test('a key never prints its secret', () => {
  for (const alg of algorithms) {
    const key = signingKey(alg);
    const secrets = Object.entries(exportPrivateJwk(key))
      .filter(([name]) => ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi'].includes(name))
      .map(([, member]) => String(member));
    assert.ok(secrets.length > 0);
    for (const holder of [key, verificationKeyOf(key)]) {
      const print = inspect(holder, { depth: 9, showHidden: true }) + JSON.stringify(holder);
      for (const secret of secrets) {
        assert.ok(!print.includes(secret.slice(0, 12)));
        const hex = Buffer.from(secret, 'base64url').toString('hex');
        assert.ok(!print.replaceAll(' ', '').includes(hex.slice(0, 16)), alg);
      }
    }
  }
});

test('the refusal of a key does not quote it', () => {
  const jwk = exportPrivateJwk(generateSigningKey('ES256'));
  const pem = `-----BEGIN PRIVATE KEY-----\n${value}\n-----END PRIVATE KEY-----`;
  const attempts = [
    () => importSigningKey({ ...jwk, x: value }, { alg: 'ES256' }),
    () => importSigningKey(pem, { alg: 'ES256' }),
    () => importSigningKey(Buffer.from(value), { alg: 'HS256' }),
    () => importSigningKey(value, { alg: 'HS256' }),
  ];
  for (const attempt of attempts) {
    assert.throws(
      attempt,
      (error) => !inspect(error).includes('horse') && !inspect(error).includes(String(jwk.d)),
    );
  }
});
