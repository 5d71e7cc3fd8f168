/** `/v1/mfa` and `/v1/password` over HTTP, with an authenticator that is not ours. @module */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { otpAt } from '../../../../../test/harness/authenticator.ts';
import { adminPassword, type Fixture, startFixture } from '../ciphertrust/fixture.ts';

const password = 'Right-pass1';
const stepMs = 30_000;

let fixture: Fixture;
let username: string;
let count = 0;

before(async () => {
  fixture = await startFixture();
});
after(() => fixture.close());
beforeEach(async () => {
  username = `user${++count}`;
  const created = await fixture.api('POST', '/usermgmt/users', { username, name: username, password });
  assert.equal(created.statusCode, 201, created.body);
});

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const call = (method: Method, url: string, token: string | null, payload: object = {}) =>
  fixture.call(method, url, {
    headers: token === null ? {} : { 'x-auth-token': token },
    payload: JSON.stringify(payload),
  });

interface Tokens {
  readonly token: string;
  readonly refresh_token: string;
}

const login = (version: 1 | 2 | 3, more: object = {}) => {
  const home = version === 3 ? { domain: 'root' } : { user_domain: 'root' };
  return call('POST', `/v${version}/token`, null, { ...home, username, password, ...more });
};
const tokens = async (more: object = {}): Promise<Tokens> => {
  const answer = await login(2, more);
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
};
const renewal = ({ token, refresh_token }: Tokens) => call('PUT', '/v2/token', token, { refresh_token });
const code = (uri: string, steps = 0) => otpAt(uri, fixture.server.core.clock() + steps * stepMs);
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const status = ({ statusCode }: LightMyRequestResponse) => statusCode;

/** What is the same in every answer of its kind. */
const wordsOf = (answer: LightMyRequestResponse) => {
  const { request_id: _, ...words } = answer.json().error;
  return { status: answer.statusCode, ...words };
};
const unauthorized = { status: 401, title: 'Unauthorized', description: 'Invalid credentials or token' };
const forbidden = { status: 403, title: 'Forbidden', description: 'Access denied' };
const otpRequired = {
  status: 401,
  title: 'OTP Required',
  description: 'A one-time password is required',
  code: 'otp_required',
};

/** A user whose second factor is on, and what came of it. */
async function enabled(): Promise<{ own: Tokens; uri: string; codes: string[] }> {
  const own = await tokens();
  const uri = (await call('POST', '/v1/mfa', own.token, { password })).json().otpauth_uri;
  const answer = await call('PUT', '/v1/mfa', own.token, { otp: code(uri) });
  assert.equal(answer.statusCode, 200, answer.body);
  return { own, uri, codes: answer.json().recovery_codes };
}

test('the secret comes as text, as a URI and as a QR code, is never cached, and counts for nothing yet', async () => {
  const { token } = await tokens();
  const answer = await call('POST', '/v1/mfa', token, { password });
  assert.equal(answer.headers['cache-control'], 'no-store');
  const { secret, otpauth_uri: uri, qr_code: image, qr_text: text } = answer.json();
  assert.match(secret, /^[A-Z2-7]{32}$/);
  assert.equal(new URL(uri).searchParams.get('secret'), secret);
  const [kind, data] = image.split(',');
  assert.equal(kind, 'data:image/svg+xml;base64');
  assert.match(Buffer.from(data, 'base64').toString(), /^<svg .*<\/svg>$/s);
  assert.ok(text.split('\n').length > 15);
  assert.equal(status(await login(2)), 200);
});

test('with a second factor on, no version lets a password alone in, and a minimal login needs none', async () => {
  const { uri } = await enabled();
  for (const version of [1, 2, 3] as const) assert.deepEqual(wordsOf(await login(version)), otpRequired);
  assert.deepEqual(wordsOf(await login(2, { password: 'Wrong-pass1' })), unauthorized);
  assert.deepEqual(wordsOf(await login(2, { otp: code(uri, 9) })), unauthorized);
  const minimal = await login(2, { type: 'minimal' });
  assert.deepEqual([minimal.statusCode, minimal.json().roles], [200, []]);
});

test('one code lets in once, whatever the version, also of requests at once', async () => {
  const { uri } = await enabled();
  const otp = code(uri, 1);
  const statuses = (await Promise.all([login(1, { otp }), login(2, { otp }), login(3, { otp })])).map(status);
  assert.deepEqual(statuses.sort(), [200, 401, 401]);
  assert.deepEqual(wordsOf(await login(2, { otp })), unauthorized);
});

test('the token says how its user was proved', async () => {
  const { own, uri, codes } = await enabled();
  assert.deepEqual(claimsOf(own.token).amr, ['pwd']);
  assert.deepEqual(claimsOf((await tokens({ otp: code(uri, 1) })).token).amr, ['pwd', 'otp']);
  assert.deepEqual(claimsOf((await tokens({ otp: codes[0] })).token).amr, ['pwd', 'recovery']);
  assert.deepEqual(wordsOf(await login(2, { otp: codes[0] })), unauthorized);
});

test('switching it on ends every session but the own one', async () => {
  const [v1, v3] = [(await login(1)).json().token, (await login(3)).json().token];
  const minimal = await tokens({ type: 'minimal' });
  const { own } = await enabled();
  assert.deepEqual(wordsOf(await renewal(minimal)), unauthorized);
  assert.deepEqual(wordsOf(await call('PUT', '/v1/token', v1)), unauthorized);
  assert.deepEqual(wordsOf(await call('DELETE', '/v3/token', v3)), unauthorized);
  assert.equal(status(await renewal(own)), 200);
});

test('without a valid first code it stays off; while it is on, none is enrolled', async () => {
  const { token } = await tokens();
  assert.equal(status(await call('PUT', '/v1/mfa', token, { otp: '123456' })), 400);
  const uri = (await call('POST', '/v1/mfa', token, { password })).json().otpauth_uri;
  assert.deepEqual(wordsOf(await call('PUT', '/v1/mfa', token, { otp: code(uri, 9) })), unauthorized);
  assert.equal(status(await call('PUT', '/v1/mfa', token)), 400);
  assert.equal(status(await login(2)), 200);
  assert.equal(status(await call('PUT', '/v1/mfa', token, { otp: code(uri) })), 200);
  assert.equal(status(await call('POST', '/v1/mfa', token, { password })), 400);
});

test('the secret is not given for a wrong password', async () => {
  const { token } = await tokens();
  assert.deepEqual(wordsOf(await call('POST', '/v1/mfa', token, { password: 'Wrong-pass1' })), unauthorized);
  assert.equal(status(await call('POST', '/v1/mfa', token)), 400);
  assert.deepEqual(wordsOf(await call('POST', '/v1/mfa', null, { password })), unauthorized);
});

test('new recovery codes, and switching it off, need password and code', async () => {
  const { own, uri, codes } = await enabled();
  for (const path of ['/v1/mfa/recovery', '/v1/mfa/disable']) {
    assert.deepEqual(wordsOf(await call('POST', path, own.token, { password })), otpRequired);
    const wrong = { password: 'Wrong-pass1', otp: codes[0] };
    assert.deepEqual(wordsOf(await call('POST', path, own.token, wrong)), unauthorized);
  }
  const renewed = await call('POST', '/v1/mfa/recovery', own.token, { password, otp: code(uri, 1) });
  const [fresh] = renewed.json().recovery_codes;
  assert.equal(renewed.json().recovery_codes.length, 10);
  assert.deepEqual(wordsOf(await login(2, { otp: codes[1] })), unauthorized);
  const disabled = await call('POST', '/v1/mfa/disable', own.token, { password, otp: fresh });
  assert.deepEqual([disabled.statusCode, disabled.body], [204, '']);
  assert.equal(status(await login(2)), 200);
});

test('a new password needs the code too, is named where it is refused, and ends the other sessions', async () => {
  const { own, uri, codes } = await enabled();
  const other = await tokens({ otp: codes[0], type: 'minimal' });
  const next = 'Second-pass2';
  const change = (more: object) =>
    call('PUT', '/v1/password', own.token, { password, new_password: next, ...more });
  assert.deepEqual(wordsOf(await change({})), otpRequired);
  const weak = await change({ otp: codes[1], new_password: 'weak' });
  assert.equal(weak.statusCode, 400);
  assert.match(weak.json().error.description, /^new_password\b/);
  assert.doesNotMatch(weak.json().error.description, /weak/);
  assert.equal(status(await change({ otp: code(uri, 1) })), 204);
  assert.deepEqual(wordsOf(await renewal(other)), unauthorized);
  assert.equal(status(await renewal(own)), 200);
  assert.deepEqual(wordsOf(await login(2, { otp: codes[2] })), unauthorized);
  assert.equal(status(await login(2, { otp: codes[2], password: next })), 200);
});

test('a minimal token is refused everywhere here, whatever it brings', async () => {
  const { uri, codes } = await enabled();
  const { token } = await tokens({ type: 'minimal' });
  const proof = { password, otp: codes[0], new_password: 'Second-pass2' };
  const attempts = [
    call('POST', '/v1/mfa', token, proof),
    call('PUT', '/v1/mfa', token, { otp: code(uri, 1) }),
    call('POST', '/v1/mfa/recovery', token, proof),
    call('POST', '/v1/mfa/disable', token, proof),
    call('PUT', '/v1/password', token, proof),
  ];
  for (const answer of await Promise.all(attempts)) assert.deepEqual(wordsOf(answer), forbidden);
  assert.equal(status(await login(2, { otp: codes[0] })), 200, 'nothing was spent by that');
});

test('both spellings of password and code are read, and two that differ are refused', async () => {
  const { own, codes } = await enabled();
  const nested = { credentials: { password, otp: codes[0] } };
  assert.equal(status(await call('POST', '/v1/mfa/recovery', own.token, nested)), 200);
  const both = { ...nested, password: 'Wrong-pass1' };
  assert.equal(status(await call('POST', '/v1/mfa/recovery', own.token, both)), 400);
});

test('an administrator in scope resets a lost second factor, which ends every session; nobody else does', async () => {
  const { own, uri } = await enabled();
  const { user_id: id } = claimsOf(own.token);
  const admin = await login(2, { username: 'admin', password: adminPassword });
  const reset = (token: string, who = id) => call('DELETE', `/v1/user/${who}/mfa`, token);
  assert.deepEqual(wordsOf(await reset(own.token)), forbidden);
  assert.deepEqual(wordsOf(await reset(admin.json().token, crypto.randomUUID())), forbidden);
  const minimal = await login(2, { username: 'admin', password: adminPassword, type: 'minimal' });
  assert.deepEqual(wordsOf(await reset(minimal.json().token)), forbidden);
  assert.deepEqual(wordsOf(await login(2)), otpRequired);
  const done = await reset(admin.json().token);
  assert.deepEqual([done.statusCode, done.body], [204, '']);
  assert.deepEqual(wordsOf(await renewal(own)), unauthorized);
  assert.equal(status(await login(2, { otp: code(uri, 1) })), 200, 'no code is looked at any more');
});
