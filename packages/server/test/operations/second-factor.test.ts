/** A second factor from its enrolment to its end, with an authenticator that is not ours. @module */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { otpAt } from '../../../../test/harness/authenticator.ts';
import { createSealer } from '../../src/crypto/sealing.ts';
import { usualGuessLimits } from '../../src/domain/guessing.ts';
import type { SessionId } from '../../src/domain/ids.ts';
import type { ProblemError } from '../../src/domain/problem.ts';
import type { User } from '../../src/domain/user.ts';
import { changeOwnPassword } from '../../src/operations/change-password.ts';
import {
  disableSecondFactor,
  renewRecoveryCodes,
  resetSecondFactor,
} from '../../src/operations/change-second-factor.ts';
import { checkSecondFactor } from '../../src/operations/check-second-factor.ts';
import type { Caller, Core } from '../../src/operations/core.ts';
import { activateSecondFactor, enrolSecondFactor } from '../../src/operations/enrol-second-factor.ts';
import { insertSession } from '../../src/store/sessions.ts';
import { findUser } from '../../src/store/users.ts';
import { aSession } from '../store/records.ts';
import { firstPassword, forEachDatabase } from './manage-fixture.ts';

const masterKey = randomBytes(32);
const sealer = createSealer({ derive: () => masterKey });
const guessLimits = usualGuessLimits;
const stepMs = 30_000;

/** `done`, or the reason of the refusal. */
async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'done';
  } catch (error) {
    const { problem } = error as Partial<ProblemError>;
    if (problem === undefined) throw error;
    return problem.reason;
  }
}

forEachDatabase((world) => {
  let core: Core;
  let user: User;
  let caller: Caller;

  beforeEach(async () => {
    core = { ...world().core, sealer };
    user = await world().addUser();
    caller = await world().as(user);
  });

  const password = (otp: string | null = null, text = firstPassword) => ({
    password: text,
    otp,
    guessLimits,
  });
  const enrol = async () => (await enrolSecondFactor(core, caller, password())).otpauthUri;
  const code = (uri: string, shiftMs = 0) => otpAt(uri, core.clock() + shiftMs);
  const activate = async () => {
    const uri = await enrol();
    const codes = await activateSecondFactor(core, caller, { otp: code(uri), guessLimits });
    world().pass(stepMs);
    return { uri, codes };
  };
  const check = (otp: string | null) => checkSecondFactor(core, user, otp, caller.origin);
  const secondFactor = async () => (await findUser(core.database, user.id))?.secondFactor;
  const openSession = async (purpose: 'interactive' | 'application', id?: SessionId): Promise<SessionId> => {
    const session = aSession(user.id, { purpose, ...(id === undefined ? {} : { id }) });
    await core.database.write([insertSession(core.database, session)]);
    return session.id;
  };
  const endOf = async (id: SessionId) => (await core.database.findHeldSession(id))?.held.session.endReason;

  test('enrolling without a valid first code leaves the account as it was', async () => {
    const uri = await enrol();
    assert.equal(await secondFactor(), 'none');
    const wrong = code(uri, 10 * stepMs);
    assert.equal(
      await reasonOf(activateSecondFactor(core, caller, { otp: wrong, guessLimits })),
      'wrong_otp',
    );
    assert.equal(await secondFactor(), 'none');
    await activateSecondFactor(core, caller, { otp: code(uri), guessLimits });
    assert.equal(await secondFactor(), 'active');
  });

  test('a secret is handed out for the right password only, and no second one while it is active', async () => {
    const wrong = enrolSecondFactor(core, caller, password(null, 'wrong'));
    assert.equal(await reasonOf(wrong), 'wrong_password');
    await activate();
    assert.equal(await reasonOf(enrol()), 'second_factor_active');
    const again = activateSecondFactor(core, caller, { otp: '000000', guessLimits });
    assert.equal(await reasonOf(again), 'second_factor_active');
  });

  test('the code that switched it on is spent by that', async () => {
    const uri = await enrol();
    const otp = code(uri);
    await activateSecondFactor(core, caller, { otp, guessLimits });
    assert.equal(await reasonOf(check(otp)), 'spent_otp');
  });

  test('of ten who show one code at once, exactly one is let in', async () => {
    const { uri } = await activate();
    const otp = code(uri);
    const reasons = await Promise.all(Array.from({ length: 10 }, () => reasonOf(check(otp))));
    assert.deepEqual(reasons.filter((reason) => reason === 'done').length, 1);
    assert.ok(reasons.every((reason) => reason === 'done' || reason === 'spent_otp'));
  });

  test('the codes one step before and after are good, two steps away they are not', async () => {
    const { uri } = await activate();
    world().pass(10 * stepMs);
    assert.equal(await reasonOf(check(code(uri, -2 * stepMs))), 'wrong_otp');
    assert.equal(await reasonOf(check(code(uri, 2 * stepMs))), 'wrong_otp');
    assert.equal(await check(code(uri, -stepMs)), 'otp');
    assert.equal(await check(code(uri, stepMs)), 'otp');
    // Later steps only: this one came before the one just used.
    assert.equal(await reasonOf(check(code(uri))), 'spent_otp');
  });

  test('ten recovery codes are given, and each lets in once, also of several at once', async () => {
    const { codes } = await activate();
    assert.equal(new Set(codes).size, 10);
    const [first = '', second = ''] = codes;
    const reasons = await Promise.all(Array.from({ length: 5 }, () => reasonOf(check(first))));
    assert.equal(reasons.filter((reason) => reason === 'done').length, 1);
    assert.equal(await reasonOf(check(first)), 'wrong_otp');
    assert.equal(await check(second.toLowerCase()), 'recovery');
  });

  test('no code at all is asked for, and is no wrong one', async () => {
    await activate();
    assert.equal(await reasonOf(check(null)), 'otp_required');
    assert.equal(await reasonOf(check('')), 'otp_required');
    for (const otp of ['12345', '1234567', '12345a', 'abcdefghijklmnop', '１２３４５６'])
      assert.equal(await reasonOf(check(otp)), 'wrong_otp');
  });

  test('a second factor whose secret is gone or unreadable lets nobody in, recovery codes neither', async () => {
    const { uri, codes } = await activate();
    const stranger = { ...core, sealer: createSealer({ derive: () => randomBytes(32) }) };
    const [recovery = ''] = codes;
    for (const otp of [code(uri), recovery]) {
      const unreadable = checkSecondFactor(stranger, user, otp, caller.origin);
      assert.equal(await reasonOf(unreadable), 'second_factor_unreadable');
    }
    const gone = core.database.queries.deleteFrom('second_factors').where('user_id', '=', user.id);
    await core.database.write([{ query: gone, mustChange: 'one' }]);
    for (const otp of [code(uri), recovery])
      assert.equal(await reasonOf(check(otp)), 'second_factor_unreadable');
  });

  test('a secret sealed for one user does not open for another', async () => {
    const { uri } = await activate();
    const other = await world().addUser({ secondFactor: 'active' });
    const copied = core.database.queries
      .updateTable('second_factors')
      .set({ user_id: other.id })
      .where('user_id', '=', user.id);
    await core.database.write([{ query: copied, mustChange: 'one' }]);
    const attempt = checkSecondFactor(core, other, code(uri), caller.origin);
    assert.equal(await reasonOf(attempt), 'second_factor_unreadable');
  });

  test('neither secret nor recovery code is in the database as it was shown', async () => {
    const { secret, otpauthUri } = await enrolSecondFactor(core, caller, password());
    const codes = await activateSecondFactor(core, caller, { otp: code(otpauthUri), guessLimits });
    const { queries } = core.database;
    const rows = [
      ...(await core.database.read(queries.selectFrom('second_factors').selectAll())),
      ...(await core.database.read(queries.selectFrom('recovery_codes').selectAll())),
      ...(await core.database.read(queries.selectFrom('audit').selectAll())),
    ];
    const kept = JSON.stringify(rows);
    for (const text of [secret, ...codes, ...codes.map((shown) => shown.replaceAll('-', ''))])
      assert.equal(kept.includes(text), false);
  });

  test('switching it on ends the user’s other sessions, not the own one and not those of applications', async () => {
    const own = await openSession('interactive', caller.principal.sessionId);
    const [other, application] = [await openSession('interactive'), await openSession('application')];
    await activate();
    assert.equal(await endOf(own), null);
    assert.equal(await endOf(other), 'second_factor_changed');
    assert.equal(await endOf(application), null);
  });

  test('switching it off needs password and code, and ends the other sessions', async () => {
    const { uri, codes } = await activate();
    const other = await openSession('interactive');
    assert.equal(await reasonOf(disableSecondFactor(core, caller, password())), 'otp_required');
    const wrong = password(code(uri), 'wrong');
    assert.equal(await reasonOf(disableSecondFactor(core, caller, wrong)), 'wrong_password');
    assert.equal(await endOf(other), null);
    await disableSecondFactor(core, caller, password(code(uri)));
    assert.equal(await secondFactor(), 'none');
    assert.equal(await endOf(other), 'second_factor_changed');
    assert.equal(await reasonOf(check(codes[0] ?? '')), 'second_factor_unreadable');
    assert.equal(await reasonOf(disableSecondFactor(core, caller, password('123456'))), 'no_second_factor');
  });

  test('new recovery codes need password and code, and the old ones are gone', async () => {
    const { uri, codes } = await activate();
    assert.equal(await reasonOf(renewRecoveryCodes(core, caller, password())), 'otp_required');
    const renewed = await renewRecoveryCodes(core, caller, password(code(uri)));
    assert.equal(await reasonOf(check(codes[0] ?? '')), 'wrong_otp');
    assert.equal(await check(renewed[0] ?? ''), 'recovery');
  });

  test('an administrator’s reset ends all sessions, and mends a broken factor', async () => {
    await activate();
    const gone = core.database.queries.deleteFrom('second_factors').where('user_id', '=', user.id);
    await core.database.write([{ query: gone, mustChange: 'one' }]);
    const own = await openSession('interactive', caller.principal.sessionId);
    const admin = await world().as(await world().addUser());
    const refused = resetSecondFactor(core, admin, user.id, () => Promise.reject(new Error('no say')));
    await assert.rejects(refused, /no say/);
    assert.equal(await secondFactor(), 'active');
    await resetSecondFactor(core, admin, user.id, async () => {});
    assert.equal(await secondFactor(), 'none');
    assert.equal(await endOf(own), 'second_factor_changed');
    await activate();
  });

  test('a changed password needs the code as well, and leaves open what it is told to', async () => {
    const { uri } = await activate();
    const own = await openSession('interactive', caller.principal.sessionId);
    const other = await openSession('interactive');
    const ending = { purpose: 'interactive', except: own } as const;
    const change = { newPassword: 'Second-pass2', ending };
    const without = changeOwnPassword(core, caller, { ...password(), ...change });
    assert.equal(await reasonOf(without), 'otp_required');
    await changeOwnPassword(core, caller, { ...password(code(uri)), ...change });
    assert.equal(await endOf(own), null);
    assert.equal(await endOf(other), 'password_changed');
  });

  test('a minimal token neither enrols nor changes anything', async () => {
    const minimal: Caller = { ...caller, principal: { ...caller.principal, tokenKind: 'minimal' } };
    const attempts = [
      enrolSecondFactor(core, minimal, password()),
      activateSecondFactor(core, minimal, { otp: '123456', guessLimits }),
      renewRecoveryCodes(core, minimal, password('123456')),
      disableSecondFactor(core, minimal, password('123456')),
      changeOwnPassword(core, minimal, {
        ...password(),
        newPassword: 'Second-pass2',
        ending: { purpose: 'interactive', except: null },
      }),
    ];
    assert.deepEqual(
      await Promise.all(attempts.map(reasonOf)),
      attempts.map(() => 'minimal_token'),
    );
  });

  test('guessing the first code is slowed like guessing a password', async () => {
    await enrol();
    const limits = { ...guessLimits, nameAndAddress: { ...guessLimits.nameAndAddress, failures: 3 } };
    const guess = () => reasonOf(activateSecondFactor(core, caller, { otp: 'nocode', guessLimits: limits }));
    assert.deepEqual([await guess(), await guess(), await guess()], ['wrong_otp', 'wrong_otp', 'wrong_otp']);
    assert.equal(await guess(), 'guessing_slowed');
  });
});
