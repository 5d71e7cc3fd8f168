/** Tokens that are refused although they are good. @module */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import {
  createGuard,
  type DenyList,
  DenyListUnavailable,
  fileDenyList,
  type GuardEvent,
  jwt,
} from '@tessera/guard';
import { denialKeyOf, verifyJsonWebToken } from '@tessera/token';
import { challenge, forge, grant, hs256, signingKey, soundClaims } from '../adapters/tokens.ts';
import { decideBearer } from '../guard/head.ts';

const revoked = `401 ${challenge('The token is revoked')}`;
const guardWith = (denyList: DenyList, events: GuardEvent[] = []) =>
  createGuard({ methods: [jwt({ signingKey })], denyList, log: (event) => events.push(event) });
const hashOf = (token: string): string => verifyJsonWebToken(token, { signingKey }).hash ?? '';

test('a token is known by its hash in small letters, else its jti, else the SHA-256 of its text', () => {
  const hashClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/hash';
  assert.equal(denialKeyOf('t', { [hashClaim]: 'AB-1', jti: 'J' }), 'ab-1');
  assert.equal(denialKeyOf('t', { jti: 'J' }), 'J');
  assert.equal(denialKeyOf('t', { [hashClaim]: 1 }), 'sha256:47mKTaMaEn1L3m5DAz9muidMqw636xxw7EFAK_YnPdg');
});

test('a denied token is refused at the next request, whether it is remembered or not; others pass', async () => {
  const keys = new Set<string>();
  const guard = guardWith(keys);
  const [token, other] = [grant(), grant({ identity: 'Eve' })];
  assert.equal(await decideBearer(guard, token), 'pass Adam');
  keys.add(hashOf(token));
  assert.equal(await decideBearer(guard, token), revoked);
  assert.equal(await decideBearer(guard, token), revoked);
  assert.equal(await decideBearer(guard, other), 'pass Eve');
  keys.clear();
  assert.equal(await decideBearer(guard, token), 'pass Adam');
});

test('the list is asked after the signature and before everything else, by promise or at once', async () => {
  const expired = forge(hs256, soundClaims({ exp: 1, nbf: 0, jti: 'J', iss: 'IMS' }));
  const forged = forge(hs256, soundClaims({ jti: 'J' }), 'another key');
  for (const has of [(key: string) => key === 'J', async (key: string) => key === 'J']) {
    const guard = guardWith({ has });
    assert.equal(await decideBearer(guard, expired), revoked);
    assert.equal(await decideBearer(guard, forged), `401 ${challenge('The signature is invalid')}`);
    assert.equal(await decideBearer(guard, grant()), 'pass Adam');
    assert.equal(await decideBearer(guard, grant()), 'pass Adam');
  }
});

test('only false is a no: a list that answers anything else denies', async () => {
  for (const answer of [undefined, null, 0, '', 'no', {}]) {
    assert.equal(
      await decideBearer(guardWith({ has: () => answer as unknown as boolean }), grant()),
      revoked,
    );
  }
});

test('a list that throws, rejects or cannot answer is 503, also for remembered tokens, and is logged', async () => {
  for (const [thrown, status, count] of [
    [new Error('the disk is gone'), '503 15', 2],
    [new DenyListUnavailable(42), '503 42', 0],
  ] as const) {
    for (const fail of [
      () => {
        throw thrown;
      },
      async () => Promise.reject(thrown),
    ]) {
      const events: GuardEvent[] = [];
      let isAway = false;
      const guard = guardWith({ has: () => (isAway ? fail() : false) }, events);
      const token = grant();
      assert.equal(await decideBearer(guard, token), 'pass Adam');
      isAway = true;
      assert.equal(await decideBearer(guard, token), status);
      assert.equal(await decideBearer(guard, grant()), status);
      assert.deepEqual(
        events.map(({ code }) => code),
        Array(count).fill('TESSERA_DENY_LIST_FAILED'),
      );
      isAway = false;
      assert.equal(await decideBearer(guard, token), 'pass Adam');
    }
  }
});

describe('a file of keys', () => {
  function newFile(t: TestContext, text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'tessera-deny-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'denied.txt'), text);
    return join(folder, 'denied.txt');
  }

  test('is read again when it changes, within a second; comments and empty lines are none', async (t) => {
    let nowMs = 0;
    const token = grant();
    const file = newFile(t, '# denied\r\n\r\n');
    const guard = guardWith(fileDenyList(file, { clock: () => nowMs }));
    assert.equal(await decideBearer(guard, token), 'pass Adam');
    writeFileSync(file, `# denied\n  ${hashOf(token).toUpperCase()}  \nsome-jti\n`);
    assert.equal(await decideBearer(guard, token), 'pass Adam');
    nowMs += 1000;
    assert.equal(await decideBearer(guard, token), revoked);
    assert.equal(await decideBearer(guard, forge(hs256, soundClaims({ jti: 'some-jti' }))), revoked);
    writeFileSync(file, '');
    nowMs += 1000;
    assert.equal(await decideBearer(guard, token), 'pass Adam');
    assert.deepEqual(guard.metrics().denyList, { keys: 0 });
  });

  test('that is gone, or never was, refuses everything with 503 until it is there', async (t) => {
    let nowMs = 0;
    const file = newFile(t, '');
    const guard = guardWith(fileDenyList(file, { clock: () => nowMs }));
    const token = grant();
    assert.equal(await decideBearer(guard, token), 'pass Adam');
    rmSync(file);
    nowMs += 1000;
    assert.equal(await decideBearer(guard, token), '503 15');
    writeFileSync(file, '\n');
    assert.equal(await decideBearer(guard, token), 'pass Adam');
  });
});
