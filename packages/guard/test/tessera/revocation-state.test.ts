/** What is known to be worthless: exactly what the feed told, in whatever order and pages it came. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type RevocableToken, RevocationState } from '../../src/tessera/revocation-state.ts';

const nowSeconds = 1_800_000_000;
const later = nowSeconds + 3_600;
const page = (revocations: readonly Readonly<Record<string, unknown>>[], more: object = {}) => ({
  cursor: 'c',
  anew: false,
  more: false,
  issuedBefore: null,
  revocations,
  ...more,
});
const token = (changes: Partial<RevocableToken> = {}): RevocableToken => ({
  sessionId: 's1',
  userId: 'u1',
  generation: null,
  issuedAtSeconds: nowSeconds - 10,
  ...changes,
});
const stateOf = (...pages: ReturnType<typeof page>[]): RevocationState => {
  const state = new RevocationState();
  for (const one of pages) state.apply(one, nowSeconds * 1000);
  return state;
};
const isRevoked = (state: RevocationState, changes: Partial<RevocableToken> = {}, seconds = nowSeconds) =>
  state.isRevoked(token(changes), seconds * 1000);

test('a generation is worthless from the moment on that any entry says, and none that no entry says', () => {
  const entry = fc.record({ generation: fc.nat(6), from: fc.integer({ min: -3, max: 3 }) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 3 }), fc.nat(6), (entries, generation) => {
      // As a session grows: a later pair is never replaced before an earlier one.
      const grown = entries
        .toSorted((one, other) => one.generation - other.generation)
        .map((one, at, all) => ({ ...one, from: Math.max(...all.slice(0, at + 1).map(({ from }) => from)) }));
      const told = grown.map((one) => ({
        kind: 'generation_replaced',
        session: 's1',
        generation: one.generation,
        from: nowSeconds + one.from,
        until: later,
      }));
      const state = stateOf(...told.map((one) => page([one])));
      const expected = grown.some((one) => generation < one.generation && one.from <= 0);
      assert.equal(isRevoked(state, { generation }), expected);
      assert.equal(isRevoked(state, { generation: null }), false);
    }),
  );
});

test('a user is worthless from when it is said until they are restored', () => {
  const suspended = { kind: 'user_suspended', user: 'u1', from: nowSeconds + 60, until: later };
  const state = stateOf(page([suspended]));
  assert.deepEqual([isRevoked(state), isRevoked(state, {}, nowSeconds + 60)], [false, true]);
  assert.equal(isRevoked(state, { userId: 'u2' }, nowSeconds + 60), false);
  state.apply(page([{ kind: 'user_restored', user: 'u1', until: later }]), nowSeconds * 1000);
  assert.equal(isRevoked(state, {}, nowSeconds + 60), false);
});

test('what was issued until a restore is worthless, to the second', () => {
  const state = stateOf(page([], { issuedBefore: nowSeconds }));
  assert.equal(isRevoked(state, { issuedAtSeconds: nowSeconds }), true);
  assert.equal(isRevoked(state, { issuedAtSeconds: nowSeconds + 1 }), false);
});

test('a page that begins anew takes back what it does not say; an unknown kind does no harm', () => {
  const ended = (session: string) => ({ kind: 'session_ended', session, until: later });
  const state = stateOf(page([ended('s1'), { kind: 'of a later server', session: 's3' }]));
  assert.deepEqual([isRevoked(state), isRevoked(state, { sessionId: 's3' })], [true, false]);
  state.apply(page([ended('s2')], { anew: true }), nowSeconds * 1000);
  assert.deepEqual([isRevoked(state), isRevoked(state, { sessionId: 's2' })], [false, true]);
});

test('what is over is forgotten', () => {
  const state = stateOf(page([{ kind: 'session_ended', session: 's1', until: nowSeconds + 5 }]));
  assert.equal(state.sizes.sessions, 1);
  state.apply(page([]), (nowSeconds + 120) * 1000);
  assert.deepEqual(state.sizes, { sessions: 0, generations: 0, users: 0 });
});
