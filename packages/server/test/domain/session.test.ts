import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isExpired,
  renewSession,
  type Session,
  type SessionPolicy,
  useSession,
} from '../../src/domain/session.ts';
import { freePolicy, sessionWith, startMs } from './session-fixture.ts';

const minute = 60_000;
const hour = 60 * minute;

/** The session after a step that must be granted. */
function granted(decision: ReturnType<typeof useSession>): Session {
  assert.equal(decision.outcome, 'granted');
  return decision.session;
}

function reasonOf(decision: ReturnType<typeof useSession>): string {
  assert.equal(decision.outcome, 'refused');
  return decision.outcome === 'refused' ? decision.reason : '';
}

test('a plain use never changes the generation', () => {
  const used = granted(useSession(sessionWith({}), 1, freePolicy, startMs + hour));
  assert.equal(used.generation, 1);
  assert.equal(used.usedAtMs, startMs + hour);
});

test('an idle limit of 60 minutes is restarted by use and refuses after 60 idle minutes', () => {
  const session = sessionWith({ lifetimes: { absoluteSeconds: null, idleSeconds: 3600 } });
  const first = granted(useSession(session, 1, freePolicy, startMs + 59 * minute));
  const second = granted(useSession(first, 1, freePolicy, startMs + 118 * minute));
  assert.equal(reasonOf(useSession(second, 1, freePolicy, startMs + 178 * minute)), 'refresh_token_expired');
  assert.equal(useSession(second, 1, freePolicy, startMs + 178 * minute - 1).outcome, 'granted');
});

test('an absolute lifetime is not extended by use, and is counted anew by a renewal', () => {
  const session = sessionWith({ lifetimes: { absoluteSeconds: 3600, idleSeconds: null } });
  const used = granted(useSession(session, 1, freePolicy, startMs + 59 * minute));
  assert.equal(reasonOf(useSession(used, 1, freePolicy, startMs + hour)), 'refresh_token_expired');
  const renewed = granted(renewSession(used, 1, freePolicy, startMs + 59 * minute));
  assert.equal(useSession(renewed, 2, freePolicy, startMs + 118 * minute).outcome, 'granted');
});

test('the maximum refuses a token older than itself, though issued before it was set', () => {
  const policy: SessionPolicy = { ...freePolicy, maximumRefreshSeconds: 86_400 };
  assert.equal(
    reasonOf(useSession(sessionWith({}), 1, policy, startMs + 48 * hour)),
    'refresh_token_expired',
  );
  assert.equal(useSession(sessionWith({}), 1, freePolicy, startMs + 48 * hour).outcome, 'granted');
});

test('a renewal is granted no more than the maximum of that moment, and lifting it gives nothing back', () => {
  const policy: SessionPolicy = { ...freePolicy, maximumRefreshSeconds: 3600 };
  const renewed = granted(renewSession(sessionWith({}), 1, policy, startMs));
  assert.equal(renewed.lifetimes.absoluteSeconds, 3600);
  assert.equal(reasonOf(useSession(renewed, 2, freePolicy, startMs + hour)), 'refresh_token_expired');
});

test('the maximum session lifetime ends a session however often it was renewed', () => {
  const policy: SessionPolicy = { ...freePolicy, maximumSessionSeconds: 3600 };
  const renewed = granted(renewSession(sessionWith({}), 1, policy, startMs + 59 * minute));
  assert.equal(reasonOf(useSession(renewed, 2, policy, startMs + hour)), 'refresh_token_expired');
});

test('a spent token gets the same successor within the grace, even after the successor was used', () => {
  const renewed = granted(renewSession(sessionWith({}), 1, freePolicy, startMs));
  const used = granted(useSession(renewed, 2, freePolicy, startMs + 1000));
  const again = granted(renewSession(used, 1, freePolicy, startMs + 29_999));
  assert.equal(again.generation, 2);
});

test('a spent token gets the same successor an hour later while that was never used', () => {
  const renewed = granted(renewSession(sessionWith({}), 1, freePolicy, startMs));
  const again = granted(renewSession(renewed, 1, freePolicy, startMs + hour));
  assert.equal(again.generation, 2);
  assert.equal(granted(useSession(renewed, 1, freePolicy, startMs + hour)).usedAtMs, null);
});

test('a spent token whose successor was used ends the session once the grace is over', () => {
  const renewed = granted(renewSession(sessionWith({}), 1, freePolicy, startMs));
  const used = granted(useSession(renewed, 2, freePolicy, startMs + 1000));
  const reuse = renewSession(used, 1, freePolicy, startMs + 30_000);
  assert.equal(reasonOf(reuse), 'refresh_token_reused');
  assert.equal(reuse.session.endedAtMs, startMs + 30_000);
  assert.equal(reasonOf(useSession(reuse.session, 2, freePolicy, startMs + 30_001)), 'session_ended');
});

test('a token two generations old ends the session at any time', () => {
  const second = granted(renewSession(sessionWith({}), 1, freePolicy, startMs));
  const third = granted(renewSession(second, 2, freePolicy, startMs));
  assert.equal(reasonOf(useSession(third, 1, freePolicy, startMs)), 'refresh_token_reused');
});

test('the lost-answer window is as long as it is set, and no longer', () => {
  const policy = { ...freePolicy, renewalGraceSeconds: 0, lostAnswerSeconds: 60 };
  const renewed = granted(renewSession(sessionWith({}), 1, policy, startMs));
  assert.equal(renewSession(renewed, 1, policy, startMs + 59_999).outcome, 'granted');
  assert.equal(reasonOf(renewSession(renewed, 1, policy, startMs + 60_000)), 'refresh_token_reused');
});

test('a token from a time that was undone by a restored backup ends the session', () => {
  assert.equal(reasonOf(useSession(sessionWith({}), 5, freePolicy, startMs)), 'refresh_token_ahead');
});

/** One client that may lose answers; it always presents the newest token it has received. */
type Step = { readonly answer: 'received' | 'lost'; readonly waitMs: number; readonly way: 'use' | 'renew' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    answer: fc.constantFrom('received' as const, 'lost' as const),
    waitMs: fc.integer({ min: 0, max: hour }),
    way: fc.constantFrom('use' as const, 'renew' as const),
  }),
  { maxLength: 60 },
);

test('whoever only loses answers is never logged out, in any order of uses, renewals and losses', () => {
  fc.assert(
    fc.property(steps, (schedule) => {
      let session = sessionWith({});
      let held = 1;
      let nowMs = startMs;
      for (const { answer, waitMs, way } of schedule) {
        nowMs += waitMs;
        const decision = (way === 'use' ? useSession : renewSession)(session, held, freePolicy, nowMs);
        session = granted(decision);
        if (answer === 'received' && way === 'renew') held = session.generation;
        // A client waits no longer than the lost-answer window before it tries again.
      }
    }),
  );
});

test('a thief and an owner never hold two different living successors, and one of them ends the session', () => {
  const turn = fc.record({
    who: fc.constantFrom('owner' as const, 'thief' as const),
    waitMs: fc.integer({ min: 31_000, max: hour }),
  });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 40 }), (schedule) => {
      let session = sessionWith({});
      const held = { owner: 1, thief: 1 };
      let nowMs = startMs;
      for (const { who, waitMs } of schedule) {
        nowMs += waitMs;
        const stale = held[who] < session.generation;
        const used = session.usedAtMs !== null || held[who] < session.generation - 1;
        const decision = renewSession(session, held[who], freePolicy, nowMs);
        session = decision.session;
        if (decision.outcome === 'granted') held[who] = session.generation;
        else assert.ok(session.endedAtMs !== null);
        if (stale && used) assert.notEqual(decision.outcome, 'granted');
        assert.ok(held.owner <= session.generation && held.thief <= session.generation);
        if (session.endedAtMs !== null) return;
      }
    }),
  );
});

test('no use and no renewal ever brings a session beyond its limits', () => {
  const limit = fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: null });
  fc.assert(
    fc.property(
      steps,
      limit,
      limit,
      limit,
      limit,
      (schedule, absoluteSeconds, idleSeconds, maximum, maximumSession) => {
        const policy = {
          ...freePolicy,
          maximumRefreshSeconds: maximum,
          maximumSessionSeconds: maximumSession,
        };
        let session = sessionWith({ lifetimes: { absoluteSeconds, idleSeconds } });
        let nowMs = startMs;
        let touchedMs = startMs;
        for (const { waitMs, way } of schedule) {
          nowMs += waitMs;
          const decision = (way === 'use' ? useSession : renewSession)(
            session,
            session.generation,
            policy,
            nowMs,
          );
          const over = (fromMs: number, seconds: number | null): boolean =>
            seconds !== null && nowMs >= fromMs + seconds * 1000;
          const dead =
            over(session.issuedAtMs, absoluteSeconds) ||
            over(session.issuedAtMs, maximum) ||
            over(startMs, maximumSession) ||
            over(touchedMs, idleSeconds);
          if (dead) assert.equal(decision.outcome, 'refused');
          if (decision.outcome === 'refused') return;
          if (decision.write === 'yes') touchedMs = nowMs;
          session = decision.session;
        }
      },
    ),
  );
});

test('the maximum of refresh tokens does not shorten a session that has none; that of sessions does', () => {
  const policy = { ...freePolicy, maximumRefreshSeconds: 60 };
  const isOver = (session: Session, limits: SessionPolicy = policy) =>
    isExpired(session, limits, startMs + 61_000);
  assert.equal(isOver(sessionWith({})), true);
  assert.equal(isOver(sessionWith({ kind: 'access' })), false);
  assert.equal(isOver(sessionWith({ kind: 'access' }), { ...freePolicy, maximumSessionSeconds: 60 }), true);
});
