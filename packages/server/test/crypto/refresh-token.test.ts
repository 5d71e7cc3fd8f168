import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomUUIDv7 } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRefreshTokens, saltBytes, type TokenSeed } from '../../src/crypto/refresh-token.ts';
import type { SessionId } from '../../src/domain/ids.ts';

const key = randomBytes(32);
const tokens = createRefreshTokens(new Map([[1, key]]));

function seed(generation: number): TokenSeed {
  const salt = randomBytes(saltBytes).toString('base64url');
  return { id: randomUUIDv7() as SessionId, macKey: 1, salt, generation };
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const numberOf = (text: string): bigint =>
  [...text].reduce((sum, digit) => sum * 62n + BigInt(alphabet.indexOf(digit)), 0n);

test('a token is 64 letters and digits that name key, session and generation', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1, max: 62 ** 6 - 1 }), (uuid, generation) => {
      const session = { ...seed(generation), id: uuid.toLowerCase() as SessionId };
      const text = tokens.write(session, null);
      assert.match(text, /^[A-Za-z0-9]{64}$/);
      assert.deepEqual(tokens.read(text), { macKey: 1, sessionId: session.id, generation });
      assert.ok(tokens.proves(text, session));
    }),
  );
});

test('the MAC is the first 200 bits of HMAC-SHA-256 over the first 30 characters and the salt', () => {
  const session = seed(7);
  const text = tokens.write(session, null);
  const mac = createHmac('sha256', key)
    .update(text.slice(0, 30) + session.salt)
    .digest('hex')
    .slice(0, 50);
  assert.equal(numberOf(text.slice(30)), BigInt(`0x${mac}`));
});

test('no single changed character proves itself', () => {
  const session = seed(3);
  const text = tokens.write(session, null);
  for (let index = 0; index < text.length; index++) {
    for (const other of alphabet) {
      if (other === text[index]) continue;
      const forged = text.slice(0, index) + other + text.slice(index + 1);
      const claim = tokens.read(forged);
      assert.ok(claim === null || !tokens.proves(forged, { ...session, generation: claim.generation }));
    }
  }
});

test('another salt, another key or another session proves nothing', () => {
  const session = seed(3);
  const text = tokens.write(session, null);
  assert.ok(!tokens.proves(text, seed(3)));
  assert.ok(!tokens.proves(text, { ...session, salt: seed(1).salt }));
  assert.ok(!createRefreshTokens(new Map([[1, randomBytes(32)]])).proves(text, session));
  assert.ok(!createRefreshTokens(new Map([[2, key]])).proves(text, { ...session, macKey: 2 }));
});

test('a text of another length, with a foreign character or a field out of range is no token', () => {
  const text = tokens.write(seed(1), null);
  const bad = [
    '',
    text.slice(1),
    `${text}0`,
    `${text.slice(0, 63)}-`,
    `${text.slice(0, 5)}é${text.slice(6)}`,
    `${text.slice(0, 2)}${'z'.repeat(22)}${text.slice(24)}`,
    `${text.slice(0, 24)}000000${text.slice(30)}`,
  ];
  for (const wrong of bad) {
    const claim = tokens.read(wrong);
    assert.ok(claim === null || !tokens.proves(wrong, { ...seed(1), id: claim.sessionId }), wrong);
  }
  assert.equal(tokens.read(bad[5] ?? ''), null);
  assert.equal(tokens.read(bad[6] ?? ''), null);
});

test('a text made from another one of the same session is the text made from nothing', () => {
  const session = seed(3);
  const text = tokens.write(session, null);
  const next = { ...session, generation: 4 };
  assert.equal(tokens.write(next, text), tokens.write(next, null));
  assert.equal(tokens.write(session, text), text);
});
