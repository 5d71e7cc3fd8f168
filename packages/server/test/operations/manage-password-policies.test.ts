/** Password policies as operators make, change and delete them. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { defaultPolicy } from '../../src/domain/password-policy.ts';
import { ProblemError } from '../../src/domain/problem.ts';
import {
  changePolicy,
  createPolicy,
  deletePolicy,
  getPolicy,
  type PolicyRules,
} from '../../src/operations/manage-password-policies.ts';
import { changeUser } from '../../src/operations/manage-user-changes.ts';
import { forEachDatabase, outcomeOf, type World } from './manage-fixture.ts';

const aName = () => `policy-${randomUUID()}`;

async function operator(world: World) {
  return world.as(await world.addUser({}, 'admin'));
}

forEachDatabase((world) => {
  test('a new policy has the rules of a fresh installation where none is given', async () => {
    const { core } = world();
    const caller = await operator(world());
    const name = aName();
    const policy = await createPolicy(core, caller, { name, minTotalLength: 12 });
    const times = { createdAtMs: core.clock(), updatedAtMs: core.clock() };
    assert.deepEqual(policy, { ...defaultPolicy, name, minTotalLength: 12, ...times });
    assert.deepEqual(await getPolicy(core, caller, name), policy);
    assert.equal(await outcomeOf(createPolicy(core, caller, { name })), 'conflict');
    world().pass(1);
    const changed = await changePolicy(core, caller, name, { lockoutThresholdsMinutes: [0, 5, 30] });
    assert.deepEqual(changed, {
      ...policy,
      lockoutThresholdsMinutes: [0, 5, 30],
      updatedAtMs: core.clock(),
    });
  });

  test('rules that no password meets, or that lock everybody out, are refused with their field', async () => {
    const { core } = world();
    const caller = await operator(world());
    const name = aName();
    await createPolicy(core, caller, { name });
    const faults: readonly (readonly [keyof PolicyRules, Partial<PolicyRules>])[] = [
      ['minTotalLength', { minTotalLength: 0 }],
      ['minTotalLength', { minTotalLength: 129 }],
      ['minTotalLength', { maxTotalLength: 7 }],
      ['maxTotalLength', { maxTotalLength: 1025 }],
      ['maxTotalLength', { minUpperCase: 40, minLowerCase: 40, minDigits: 40, minOther: 9 }],
      ['minUpperCase', { minUpperCase: -1 }],
      ['minLowerCase', { minLowerCase: 1.5 }],
      ['minDigits', { minDigits: Number.NaN }],
      ['minOther', { minOther: Number.POSITIVE_INFINITY }],
      ['historyThreshold', { historyThreshold: 21 }],
      ['lifetimeDays', { lifetimeDays: -1 }],
      ['changeMinDays', { changeMinDays: 36_501 }],
      ['changeMinDays', { lifetimeDays: 30, changeMinDays: 30 }],
      ['lockoutThresholdsMinutes', { lockoutThresholdsMinutes: [525_601] }],
      ['lockoutThresholdsMinutes', { lockoutThresholdsMinutes: [5, -1] }],
      ['lockoutThresholdsMinutes', { lockoutThresholdsMinutes: Array<number>(33).fill(1) }],
    ];
    for (const [field, rules] of faults)
      for (const attempt of [
        () => createPolicy(core, caller, { name: aName(), ...rules }),
        () => changePolicy(core, caller, name, rules),
      ])
        await assert.rejects(attempt, (error) => {
          assert(error instanceof ProblemError);
          assert.deepEqual([error.problem.kind, error.problem.field], ['invalid_value', field]);
          return true;
        });
    assert.equal(await outcomeOf(createPolicy(core, caller, { name: 'a\u0000' })), 'invalid_value');
  });

  test('the global policy changes but stays, and one that users have stays until they have another', async () => {
    const { core } = world();
    const caller = await operator(world());
    assert.equal(await outcomeOf(changePolicy(core, caller, 'global', { historyThreshold: 5 })), 'done');
    assert.equal(await outcomeOf(deletePolicy(core, caller, 'global')), 'conflict');
    const { name } = await createPolicy(core, caller, { name: aName() });
    const user = await world().addUser({ passwordPolicy: name });
    await assert.rejects(deletePolicy(core, caller, name), /^ProblemError: 1 user/);
    await changeUser(core, caller, user.id, { passwordPolicy: null });
    assert.equal(await outcomeOf(deletePolicy(core, caller, name)), 'done');
    assert.equal(await outcomeOf(deletePolicy(core, caller, name)), 'not_found');
    assert.equal(await outcomeOf(changePolicy(core, caller, name, {})), 'not_found');
  });
});
