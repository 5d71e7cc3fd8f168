/** Guarantees of the WWW-Authenticate header. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearerChallenge } from '@tessera/guard';

test('a challenge names what is given and nothing else', () => {
  assert.equal(bearerChallenge(), 'Bearer');
  assert.equal(bearerChallenge({ realm: 'tessera' }), 'Bearer realm="tessera"');
  assert.equal(
    bearerChallenge({
      realm: 'api',
      error: 'invalid_token',
      errorDescription: 'expired',
      scope: 'read write',
    }),
    'Bearer realm="api", error="invalid_token", error_description="expired", scope="read write"',
  );
});

test('no parameter can end its quotes or the header', () => {
  for (const realm of ['a"b', 'a\\b', 'a\r\nSet-Cookie: x', 'a\u0000', 'ä']) {
    assert.throws(() => bearerChallenge({ realm }), TypeError);
  }
});
