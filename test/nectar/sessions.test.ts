/** Every session of a user, whichever interface opened it: seen and ended; passwords and second factors. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { otpAt } from '../harness/authenticator.ts';
import type { Answer } from '../harness/http.ts';
import { secret } from '../harness/run-folder.ts';
import { newPassword } from '../harness/server.ts';
import { dialectOf as nebularstackOf } from '../nebularstack/dialect.ts';
import { assertBadPair, errorOf, onEachEngine, sessionsPath } from './dialect.ts';

const passwordPath = '/account/v1/password';
const factorPath = '/account/v1/second-factor';

onEachEngine((dialect) => {
  const nebularstack = nebularstackOf(() => dialect.server);
  const newAccount = async () => {
    const { username, password } = await dialect.ciphertrust.createUser();
    return { username, password };
  };
  const sessionsOf = async (jwt: string, query = '') => {
    const answer = await dialect.api.get(sessionsPath + query, { jwt });
    assert.equal(answer.status, 200, answer.text);
    return answer.body.sessions;
  };
  const end = (path: string, jwt: string): Promise<Answer> => dialect.api.delete(path, { jwt });

  describe('sessions', () => {
    test('of every interface are listed with label, client, address, end, and which one is this', async () => {
      const account = await newAccount();
      const jwt = await dialect.signIn(account);
      await dialect.ciphertrust.grant({ labels: ['backup', 'nas'], refresh_token_lifetime: 60 }, account);
      const v2 = await nebularstack.call('POST', '/v2/token', {
        body: { ...account, user_domain: 'root' },
        headers: { 'user-agent': 'robot/1.0 <b>\u00e9' },
        from: '198.51.100.7',
      });
      assert.equal(v2.status, 200, v2.text);
      await dialect.newToken({ name: 'nightly' }, jwt);
      const sessions = await sessionsOf(jwt);
      const facts = sessions.map(
        ({ kind, interface: face, label, client, current }: Record<string, unknown>) => ({
          kind,
          face,
          label,
          client,
          current,
        }),
      );
      const client = 'node';
      assert.deepEqual(facts, [
        { kind: 'api-token', face: 'nectar', label: 'nightly', client, current: false },
        { kind: 'sign-in', face: 'nebularstack-v2', label: null, client: 'robot/1.0 <b>?', current: false },
        { kind: 'application', face: 'ciphertrust', label: 'backup, nas', client, current: false },
        { kind: 'sign-in', face: 'ciphertrust', label: null, client, current: true },
      ]);
      const [, second, third] = sessions;
      assert.equal(second.createdFrom, '198.51.100.7');
      assert.equal(Date.parse(third.expiresAt) - Date.parse(third.createdAt), 3_600_000);
      assert.equal(third.lastUsedAt, null);
    });

    test('say when and from where they were refreshed last', async () => {
      const account = await newAccount();
      const { refreshToken } = await dialect.ciphertrust.grant({}, account);
      const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
      await dialect.api.post('/api/v1/auth/tokens', refresh, {
        headers: { 'x-forwarded-for': '198.51.100.9' },
      });
      const [, session] = await sessionsOf(await dialect.signIn(account));
      assert.equal(session.lastUsedAddress, '198.51.100.9');
      assert.ok(session.lastUsedAt !== null);
    });

    test('end one by one, and the others live', async () => {
      const account = await newAccount();
      const jwt = await dialect.signIn(account);
      const one = await dialect.newToken({}, jwt);
      const other = await dialect.newToken({}, jwt);
      assert.equal((await end(`${sessionsPath}/${one.id}`, jwt)).status, 204);
      assert.equal((await end(`${sessionsPath}/${one.id}`, jwt)).status, 204);
      assertBadPair(await dialect.renew(one));
      await dialect.next(other);
      const [stranger] = [await dialect.signIn(await newAccount())];
      assert.equal(errorOf(await end(`${sessionsPath}/${other.id}`, stranger)).status, 404);
      assert.deepEqual((await sessionsOf(jwt)).length, 2);
      const all = await sessionsOf(jwt, '?state=all');
      assert.deepEqual(
        all.map(({ state }: { state: string }) => state),
        ['live', 'ended', 'live'],
      );
    });

    test('end all but this one; only those of sign-ins where that is asked for', async () => {
      const account = await newAccount();
      const jwt = await dialect.signIn(account);
      const elsewhere = await dialect.signIn(account);
      const token = await dialect.newToken({ name: 'kept, then not' }, jwt);
      assert.equal((await end(`${sessionsPath}?kind=sign-in`, jwt)).status, 204);
      assert.equal(await dialect.statusWith(elsewhere), 401);
      const next = await dialect.next(token);
      assert.equal((await end(sessionsPath, jwt)).status, 204);
      assertBadPair(await dialect.renew(next));
      assert.equal(await dialect.statusWith(jwt), 200);
      assert.deepEqual((await sessionsOf(jwt)).length, 1);
      await dialect.newToken({ name: 'kept, then not' }, jwt);
    });

    test('of anybody are seen and ended by an administrator', async () => {
      const account = await newAccount();
      const theirs = await dialect.signIn(account);
      const jwt = await dialect.signIn();
      const [session] = await sessionsOf(jwt, `?user=${account.username}`);
      assert.equal(session.current, false);
      assert.equal((await end(`${sessionsPath}?user=${account.username}`, jwt)).status, 204);
      assert.equal(await dialect.statusWith(theirs), 401);
      assert.equal(
        errorOf(await dialect.api.get(`${sessionsPath}?user=admin`, { jwt: await dialect.signIn(account) }))
          .status,
        404,
      );
    });
  });

  describe('a change of password', () => {
    test('logs out at once, here and everywhere, and leaves API tokens alone', async () => {
      const account = await newAccount();
      const jwt = await dialect.signIn(account);
      const token = await dialect.newToken({}, jwt);
      const newOne = newPassword();
      const wrong = await dialect.api.put(passwordPath, { password: 'no', newPassword: newOne }, { jwt });
      assert.equal(errorOf(wrong).status, 401);
      const change = { password: account.password, newPassword: newOne };
      assert.equal((await dialect.api.put(passwordPath, change, { jwt })).status, 204);
      assert.equal(await dialect.statusWith(jwt), 401);
      await dialect.signIn({ ...account, password: newOne });
      await dialect.next(token);
    });

    test('ends them too where that is asked for', async () => {
      const account = await newAccount();
      const jwt = await dialect.signIn(account);
      const token = await dialect.newToken({}, jwt);
      const change = { password: account.password, newPassword: newPassword(), apiTokens: 'revoke' };
      assert.equal((await dialect.api.put(passwordPath, change, { jwt })).status, 204);
      assertBadPair(await dialect.renew(token));
      assert.deepEqual(
        (await dialect.list(`?user=${account.username}`)).map(({ state }) => state),
        ['revoked'],
      );
    });
  });

  test('a second factor is enrolled, asked for, has its codes replaced, and is taken away', async () => {
    const account = await newAccount();
    const { password } = account;
    const jwt = await dialect.signIn(account);
    const state = async () => (await dialect.api.get(factorPath, { jwt })).body;
    assert.deepEqual(await state(), { state: 'none', recoveryCodesLeft: 0 });
    const { secret: seed, otpauthUri } = (await dialect.api.post(factorPath, { password }, { jwt })).body;
    secret(seed);
    const code = (steps = 0): string => otpAt(otpauthUri, dialect.nowMs() + steps * 30_000);
    const { recoveryCodes } = (await dialect.api.put(factorPath, { otp: code() }, { jwt })).body;
    for (const one of recoveryCodes) secret(one);
    assert.equal(recoveryCodes.length, 10);
    assert.deepEqual(await state(), { state: 'active', recoveryCodesLeft: 10 });
    const without = await dialect.api.post(`${factorPath}/disable`, { password }, { jwt });
    assert.equal(errorOf(without).message, 'One-time password required');
    const renewed = await dialect.api.post(
      `${factorPath}/recovery-codes`,
      { password, otp: code(1) },
      { jwt },
    );
    for (const one of renewed.body.recoveryCodes) secret(one);
    const spent = await dialect.api.post(
      `${factorPath}/disable`,
      { password, otp: recoveryCodes[0] },
      { jwt },
    );
    assert.equal(errorOf(spent).status, 401);
    const proof = { password, otp: renewed.body.recoveryCodes[0] };
    assert.equal((await dialect.api.post(`${factorPath}/disable`, proof, { jwt })).status, 204);
    assert.deepEqual(await state(), { state: 'none', recoveryCodesLeft: 0 });
  });
});
