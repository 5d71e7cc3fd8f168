/** A second factor is due in this dialect too, wherever a password is shown. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { otpAt } from '../../../../../test/harness/authenticator.ts';
import { usualGuessLimits as guessLimits } from '../../../src/domain/guessing.ts';
import type { Caller } from '../../../src/operations/core.ts';
import { activateSecondFactor, enrolSecondFactor } from '../../../src/operations/enrol-second-factor.ts';
import { findUserByName } from '../../../src/store/users.ts';
import { type Fixture, startFixture } from './fixture.ts';

const username = 'mia';
const password = 'Right-pass1';
const stepMs = 30_000;
const askedFor = { status: 401, message: 'One-time password required.' };

let fixture: Fixture;
let uri: string;
let recoveryCodes: string[];

before(async () => {
  fixture = await startFixture();
  const created = await fixture.api('POST', '/usermgmt/users', { username, name: username, password });
  assert.equal(created.statusCode, 201, created.body);
  const caller = await callerFor(username);
  const { core } = fixture.server;
  ({ otpauthUri: uri } = await enrolSecondFactor(core, caller, { password, otp: null, guessLimits }));
  recoveryCodes = [...(await activateSecondFactor(core, caller, { otp: code(0), guessLimits }))];
});
after(() => fixture.close());

/** The code that the authenticator shows so many steps from now. */
const code = (steps: number): string => otpAt(uri, fixture.server.core.clock() + steps * stepMs);

/** The user as a token of theirs would prove them. */
async function callerFor(name: string): Promise<Caller> {
  const { database } = fixture.server.core;
  const domainId = '00000000-0000-0000-0000-000000000000' as never;
  const user = await findUserByName(database, { domainId, connection: 'local', username: name });
  assert.ok(user);
  const holder = await database.findHolder(user.id, { domainId, tenantId: null });
  assert.ok(holder);
  const session = {
    sessionId: '' as never,
    purpose: 'interactive',
    face: 'ciphertrust',
    tokenKind: 'standard',
  } as const;
  return { principal: { ...holder, ...session }, origin: { requestId: 'test', address: '192.0.2.1' } };
}

const signIn = async (otp?: string, extra: object = {}) => {
  const answer = await fixture.tokens({
    username,
    password,
    ...(otp === undefined ? {} : { otp }),
    ...extra,
  });
  const { requestID: _, ...body } = answer.json();
  return { status: answer.statusCode, message: body.message, body };
};

test('a right password without a code is asked for one; a wrong password is not', async () => {
  const { status, message } = await signIn();
  assert.deepEqual({ status, message }, askedFor);
  const wrong = await signIn(undefined, { password: 'Wrong-pass1' });
  assert.equal(wrong.status, 401);
  assert.notEqual(wrong.message, askedFor.message);
});

test('a wrong code is answered as a wrong password is, and one that fits lets in once', async () => {
  const wrongPassword = await signIn(code(1), { password: 'Wrong-pass1' });
  const wrongCode = await signIn(code(9));
  assert.deepEqual(wrongCode.body, wrongPassword.body);
  const otp = code(1);
  assert.equal((await signIn(otp)).status, 200);
  assert.deepEqual((await signIn(otp)).body, wrongPassword.body);
});

test('a recovery code lets in once', async () => {
  const [first] = recoveryCodes;
  assert.equal((await signIn(first)).status, 200);
  assert.equal((await signIn(first)).status, 401);
});

test('revoking by password and changing the password need a code as well', async () => {
  const { refresh_token: token } = (await signIn(recoveryCodes[1], { issue_refresh_token: true })).body;
  const revoke = async (otp: object) =>
    (await fixture.call('POST', '/api/v1/auth/revoke', { payload: { token, username, password, ...otp } }))
      .statusCode;
  assert.equal(await revoke({}), 401);
  assert.equal(await revoke({ otp: recoveryCodes[2] }), 204);
  const change = async (otp: object) => {
    const payload = { username, password, new_password: 'Other-pass2', ...otp };
    return (await fixture.call('PATCH', '/api/v1/auth/changepw', { payload })).statusCode;
  };
  assert.equal(await change({}), 401);
  assert.equal(await change({ otp: recoveryCodes[3] }), 200);
});
