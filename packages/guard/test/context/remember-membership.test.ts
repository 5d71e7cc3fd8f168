/** Guarantees of remembering which tenant is in which domain. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rememberMembership, type TenantMembership } from '@tessera/guard';

/** A service that counts what it is asked, and a clock. */
function service(answers: Record<string, TenantMembership | Error>) {
  const state = { asked: [] as string[], nowMs: 0 };
  const lookup = async (tenantId: string, domain: string): Promise<TenantMembership> => {
    state.asked.push(`${tenantId}@${domain}`);
    const answer = answers[tenantId] ?? 'stranger';
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { state, answers, lookup, clock: () => state.nowMs };
}

test('an answer is remembered for a minute, by tenant and domain, and no longer', async () => {
  const { state, answers, lookup, clock } = service({ t1: 'member' });
  const ask = rememberMembership(lookup, { clock });
  assert.deepEqual(
    [await ask('t1', 'a'), await ask('t1', 'a'), await ask('t2', 'a')],
    ['member', 'member', 'stranger'],
  );
  await ask('t1', 'b');
  assert.deepEqual(state.asked, ['t1@a', 't2@a', 't1@b']);
  answers.t1 = 'stranger';
  state.nowMs = 59_999;
  assert.equal(await ask('t1', 'a'), 'member');
  state.nowMs = 60_000;
  assert.equal(await ask('t1', 'a'), 'stranger');
  assert.throws(() => rememberMembership(lookup, { clock, maxAgeMs: 60_001 }), RangeError);
  assert.throws(() => rememberMembership(lookup, { clock, maxAgeMs: Number.NaN }), RangeError);
});

test('many who ask at once cost one question, and what nobody knows is asked again', async () => {
  const { state, answers, lookup, clock } = service({ t1: 'unknown', t2: new Error('away') });
  const ask = rememberMembership(lookup, { clock });
  const first = await Promise.all([ask('t1', 'a'), ask('t1', 'a'), ask('t1', 'a')]);
  assert.deepEqual([first, state.asked.length], [['unknown', 'unknown', 'unknown'], 1]);
  answers.t1 = 'member';
  assert.equal(await ask('t1', 'a'), 'member');
  await assert.rejects(Promise.all([ask('t2', 'a'), ask('t2', 'a')]), /away/);
  answers.t2 = 'member';
  assert.equal(await ask('t2', 'a'), 'member');
});

test('the memory is bounded: the oldest goes first', async () => {
  const { state, lookup, clock } = service({});
  const ask = rememberMembership(lookup, { clock, maxEntries: 2 });
  for (const tenantId of ['t1', 't2', 't3', 't3', 't2', 't1']) await ask(tenantId, 'a');
  assert.deepEqual(state.asked, ['t1@a', 't2@a', 't3@a', 't1@a']);
});
