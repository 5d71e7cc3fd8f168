/** Asserts that something is refused with a reason, and that the refusal does not quote what was refused. @module */
import assert from 'node:assert/strict';
import { KeyError, type KeyRefusal, TokenError, type TokenRefusal } from '@tessera/token';

export function assertTokenRefused(run: () => unknown, reason: TokenRefusal, label = ''): void {
  assert.throws(
    run,
    (error) => {
      assert.ok(error instanceof TokenError, `${label} ${String(error)}`);
      assert.equal(error.reason, reason, label);
      return true;
    },
    label,
  );
}

export function assertKeyRefused(run: () => unknown, reason: KeyRefusal, label = ''): void {
  assert.throws(
    run,
    (error) => {
      assert.ok(error instanceof KeyError, `${label} ${String(error)}`);
      assert.equal(error.reason, reason, `${label} ${error.message}`);
      return true;
    },
    label,
  );
}
