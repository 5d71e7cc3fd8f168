/** How many sessions are kept, and which. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserId } from '../../src/domain/ids.ts';
import { RecentSessions } from '../../src/store/sqlite/recent-sessions.ts';
import { aSession } from './records.ts';

test('sessions that are found again stay, and others go when there are too many', () => {
  const recent = new RecentSessions(2);
  const sessions = Array.from({ length: 9 }, () => aSession('u' as UserId));
  const [used, ...others] = sessions;
  assert.ok(used);
  recent.keep(used);
  for (const other of others) {
    recent.keep(other);
    assert.equal(recent.find(used.id), used);
  }
  const kept = sessions.filter(({ id }) => recent.find(id) !== null);
  assert.ok(kept.length <= 4, 'two of each age');
  assert.ok(kept.includes(used));
});

test('a session that was replaced or forgotten is not found as it was, however old it is', () => {
  const recent = new RecentSessions(1);
  const [first, second] = [aSession('u' as UserId), aSession('u' as UserId)];
  recent.keep(first);
  recent.keep(second);
  const renewed = { ...first, generation: 2 };
  recent.keep(renewed);
  assert.equal(recent.find(first.id), renewed);
  recent.forget(first.id);
  assert.equal(recent.find(first.id), null);
  recent.keep(first);
  recent.keep(second);
  recent.forgetAll();
  assert.deepEqual([recent.find(first.id), recent.find(second.id)], [null, null]);
});
