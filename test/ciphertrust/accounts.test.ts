/** Accounts: passwords, lockout, users, groups, policies, domains. Spec ciphertrust §9; acceptance 20. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import { newPassword } from '../harness/server.ts';
import {
  type Account,
  decodeJwt,
  type ErrorFace,
  errorOf,
  minute,
  ok,
  onEachEngine,
  rootDomainId,
  second,
  timeForm,
  tokensPath,
  usersPath,
  wrongPassword,
} from './dialect.ts';

const groupsPath = '/api/v1/usermgmt/groups';
const policiesPath = '/api/v1/usermgmt/pwdpolicies';

const userKeys = [
  'user_id',
  'username',
  'name',
  'nickname',
  'email',
  'created_at',
  'updated_at',
  'last_login',
  'logins_count',
  'user_metadata',
  'app_metadata',
  'failed_logins_count',
  'failed_logins_initial_attempt_at',
  'last_failed_login_at',
  'account_lockout_at',
  'password_changed_at',
  'password_change_required',
  'certificate_subject_dn',
  'enable_cert_auth',
  'auth_domain',
  'auth_domain_name',
  'login_flags',
  'allowed_auth_methods',
  'allowed_client_types',
  'expires_at',
];

onEachEngine((dialect) => {
  let admin: string;
  const asAdmin = async (): Promise<{ jwt: string }> => {
    // One API token serves for its five minutes, unless a test moves the clock.
    if (admin === undefined || (await dialect.statusWith(admin)) !== 200) admin = await dialect.jwt();
    return { jwt: admin };
  };
  const changePassword = (account: Account, newText: string, more: object = {}): Promise<Answer> =>
    dialect.api.patch('/api/v1/auth/changepw', {
      username: account.username,
      password: account.password,
      new_password: newText,
      ...more,
    });
  const patchUser = async (account: Account, fields: object): Promise<Answer> =>
    dialect.api.patch(`${usersPath}/${account.userId}`, fields, await asAdmin());
  const readUser = async (account: Account): Promise<Answer> =>
    ok(await dialect.api.get(`${usersPath}/${account.userId}`, await asAdmin()));

  describe('changepw', () => {
    test('needs no JWT, answers 200 {} and ignores Authorization; the new password counts from then on', async () => {
      const user = await dialect.createUser();
      const password = newPassword();
      const answer = await dialect.api.patch(
        '/api/v1/auth/changepw',
        { username: user.username, password: user.password, new_password: password, auth_domain: 'root' },
        { headers: { authorization: 'Bearer ' } },
      );
      assert.deepEqual([answer.status, answer.body], [200, {}]);
      assert.deepEqual(errorOf(await dialect.issue({}, user)), wrongPassword);
      ok(await dialect.issue({}, { ...user, password }));
    });

    test('with a wrong old password or an unknown name is refused alike', async () => {
      const user = await dialect.createUser();
      const refusals = [
        await changePassword({ ...user, password: newPassword() }, newPassword()),
        await changePassword({ ...user, username: 'no-such-user' }, newPassword()),
      ];
      for (const refusal of refusals) assert.deepEqual(errorOf(refusal), wrongPassword);
      ok(await dialect.issue({}, user));
    });

    for (const [name, text] of [
      ['short', 'Aa1!x'],
      ['long', `Aa1!${'x'.repeat(125)}`],
      ['without a digit', 'Abcdefgh!'],
      ['without an upper case letter', 'abcdefg1!'],
      ['without a lower case letter', 'ABCDEFG1!'],
      ['without another character', 'Abcdefg12'],
    ] as const) {
      test(`to a password ${name} is 400 code 9 and keeps the old one`, async () => {
        const user = await dialect.createUser();
        const error = errorOf(await changePassword(user, text));
        assert.deepEqual([error.status, error.code], [400, 9]);
        assert.match(error.message, /new_password/);
        assert.ok(!error.message.includes(text));
        ok(await dialect.issue({}, user));
      });
    }

    test('to the current or one of the last five passwords is refused', async () => {
      const user = await dialect.createUser();
      assert.equal(errorOf(await changePassword(user, user.password)).code, 9);
      const next = newPassword();
      ok(await changePassword(user, next));
      assert.equal(errorOf(await changePassword({ ...user, password: next }, user.password)).code, 9);
    });

    test('is how a forced change is made: until then the right password brings no token', async () => {
      const user = await dialect.createUser({ password_change_required: true });
      const forced: ErrorFace = { ...wrongPassword, message: 'Password change required.' };
      assert.deepEqual(errorOf(await dialect.issue({}, user)), forced);
      assert.deepEqual(errorOf(await dialect.issue({}, { ...user, password: newPassword() })), wrongPassword);
      const password = newPassword();
      ok(await changePassword(user, password));
      ok(await dialect.issue({}, { ...user, password }));
    });
  });

  describe('the caller’s own user', () => {
    test('is read at both paths and changed at one', async () => {
      const user = await dialect.createUser();
      const options = { jwt: await dialect.jwt(user) };
      for (const path of ['/api/v1/auth/self/user', '/api/v1/auth/self/user/', `${usersPath}/self`]) {
        const { body } = ok(await dialect.api.get(path, options));
        assert.deepEqual([body.user_id, body.username], [user.userId, user.username]);
      }
      const changed = await dialect.api.patch(
        '/api/v1/auth/self/user',
        { email: 'self@example.com', name: 'Self', user_metadata: { theme: 'dark' } },
        options,
      );
      const { body } = ok(changed);
      assert.deepEqual(
        [body.email, body.name, body.user_metadata.theme],
        ['self@example.com', 'Self', 'dark'],
      );
    });

    test('gives itself no rights: what only an administrator may change is not changed', async () => {
      const user = await dialect.createUser();
      const options = { jwt: await dialect.jwt(user) };
      const fields = {
        groups: ['admin'],
        password_change_required: true,
        expires_at: '2099-01-01T00:00:00Z',
      };
      await dialect.api.patch('/api/v1/auth/self/user', fields, options);
      const { body } = await readUser(user);
      assert.deepEqual([body.password_change_required, body.expires_at], [false, null]);
      assert.deepEqual(decodeJwt(await dialect.jwt(user)).claims.cust.groups, []);
    });

    test('sees its domains as a list with root', async () => {
      const { body } = ok(await dialect.api.get('/api/v1/auth/self/domains', await asAdmin()));
      assert.deepEqual([body.skip, body.limit, body.total], [0, 10, body.resources.length]);
      const root = body.resources.find((item: { name: string }) => item.name === 'root');
      assert.equal(root.id, rootDomainId);
    });
  });

  describe('users', () => {
    test('are created with 201 and every key of the item, dates never set as null', async () => {
      const { jwt } = await asAdmin();
      const fields = { username: 'Carol', password: newPassword(), user_id: '', email: 'carol@example.com' };
      const created = await dialect.api.post(usersPath, fields, { jwt });
      assert.equal(created.status, 201, created.text);
      const { body } = created;
      for (const key of userKeys) assert.ok(key in body, `${key} is missing`);
      assert.match(body.user_id, /^local\|[0-9a-f-]{36}$/);
      assert.match(body.created_at, timeForm);
      assert.deepEqual(
        [body.last_login, body.expires_at, body.account_lockout_at, body.last_failed_login_at],
        [null, null, null, null],
      );
      assert.deepEqual([body.logins_count, body.failed_logins_count], [0, 0]);
      assert.deepEqual([body.auth_domain, body.auth_domain_name], [rootDomainId, 'root']);
      assert.ok(!created.text.includes(fields.password));
      ok(await dialect.issue({}, { username: 'cArOl', password: fields.password }));
    });

    test('are read, changed and deleted with a raw | and with %7C in the path', async () => {
      const user = await dialect.createUser();
      const { jwt } = await asAdmin();
      for (const id of [user.userId, user.userId.replace('|', '%7C'), user.userId.replace('|', '%7c')]) {
        assert.equal(ok(await dialect.api.get(`${usersPath}/${id}`, { jwt })).body.user_id, user.userId);
        ok(await dialect.api.patch(`${usersPath}/${id}/`, { email: 'x@example.com' }, { jwt }));
      }
      const deleted = await dialect.api.delete(`${usersPath}/${user.userId.replace('|', '%7C')}`, { jwt });
      assert.deepEqual([deleted.status, deleted.text], [204, '']);
      assert.equal(errorOf(await dialect.api.get(`${usersPath}/${user.userId}`, { jwt })).status, 404);
      assert.deepEqual(errorOf(await dialect.issue({}, user)), wrongPassword);
    });

    for (const username of ['a/b', 'a|b', 'a\\b', 'a<b', 'a>b', 'global', '']) {
      test(`cannot be called ${JSON.stringify(username)}`, async () => {
        const fields = { username, password: newPassword() };
        const error = errorOf(await dialect.api.post(usersPath, fields, await asAdmin()));
        assert.equal(error.status, 400);
        assert.match(error.message, /username/);
      });
    }

    test('have names that are unique without regard to case, and passwords that fit the policy', async () => {
      const user = await dialect.createUser();
      const { jwt } = await asAdmin();
      const twin = { username: user.username.toUpperCase(), password: newPassword() };
      const conflict = errorOf(await dialect.api.post(usersPath, twin, { jwt }));
      assert.deepEqual([conflict.status, conflict.code, conflict.codeDesc], [409, 409, 'NCERRConflict']);
      const weak = errorOf(
        await dialect.api.post(usersPath, { username: 'weak', password: 'weak' }, { jwt }),
      );
      assert.deepEqual([weak.status, weak.code], [400, 9]);
      assert.match(weak.message, /password/);
    });

    test('keep their name: a PATCH does not change it', async () => {
      const user = await dialect.createUser();
      await patchUser(user, { username: 'another-name' });
      assert.equal((await readUser(user)).body.username, user.username);
    });

    test('are found by every filter', async () => {
      const user = await dialect.createUser({ email: 'find@example.com', name: 'Find Me' });
      const { jwt } = await asAdmin();
      const idsFor = async (query: string): Promise<string[]> => {
        const { body } = ok(await dialect.api.get(`${usersPath}?limit=100&${query}`, { jwt }));
        return body.resources.map((item: { user_id: string }) => item.user_id);
      };
      for (const query of [`username=${user.username}`, 'email=find@example.com', 'name=Find%20Me']) {
        assert.deepEqual(await idsFor(query), [user.userId], query);
      }
      assert.ok((await idsFor('groups=nil')).every((id) => id !== ''));
      assert.ok((await idsFor('groups=admin')).length === 1);
      assert.ok((await idsFor('exclude_groups=admin')).includes(user.userId));
      assert.ok(!(await idsFor('account_expired=true')).includes(user.userId));
      const { body } = ok(await dialect.api.get(`${usersPath}?username=admin&return_groups=true`, { jwt }));
      assert.deepEqual(body.resources[0].groups, ['admin']);
    });

    test('are managed by administrators only', async () => {
      const user = await dialect.createUser();
      const options = { jwt: await dialect.jwt(user) };
      const refusals = [
        await dialect.api.post(usersPath, { username: 'x', password: newPassword() }, options),
        await dialect.api.post(`${groupsPath}/admin/users/${user.userId}`, {}, options),
        await dialect.api.post('/api/v1/domains', { name: 'mine', admins: [user.userId] }, options),
        await dialect.api.patch(`${policiesPath}/global`, { inclusive_min_digits: 0 }, options),
      ];
      for (const refusal of refusals) {
        const error = errorOf(refusal);
        assert.deepEqual([error.status, error.code, error.codeDesc], [403, 403, 'NCERRForbidden']);
      }
    });

    test('whose account has expired, or who may not use a password, are refused', async () => {
      const expired = await dialect.createUser({ expires_at: '2020-01-01T00:00:00.000000Z' });
      assert.deepEqual(errorOf(await dialect.issue({}, expired)), {
        ...wrongPassword,
        message: 'Account expired.',
      });
      ok(await patchUser(expired, { expires_at: null }));
      assert.equal((await readUser(expired)).body.expires_at, '2020-01-01T00:00:00.000000Z');
      ok(await patchUser(expired, { expires_at: '' }));
      assert.equal((await readUser(expired)).body.expires_at, null);
      ok(await dialect.issue({}, expired));
      for (const allowed_auth_methods of [[], ['user_certificate']]) {
        const user = await dialect.createUser();
        ok(await patchUser(user, { allowed_auth_methods }));
        assert.deepEqual(errorOf(await dialect.issue({}, user)), wrongPassword);
      }
    });
  });

  describe('groups', () => {
    test('that are the system’s own exist from the start, with spaces in their names', async () => {
      const { body } = ok(await dialect.api.get(`${groupsPath}?limit=100`, await asAdmin()));
      const names = body.resources.map((item: { name: string }) => item.name);
      for (const name of ['admin', 'User Admins', 'Key Users', 'All Clients'])
        assert.ok(names.includes(name), name);
      const one = ok(await dialect.api.get(`${groupsPath}/Key%20Users`, await asAdmin())).body;
      assert.deepEqual(Object.keys(one).toSorted(), [
        'app_metadata',
        'client_metadata',
        'created_at',
        'description',
        'name',
        'updated_at',
        'user_metadata',
        'users_count',
      ]);
    });

    test('gain and lose members: adding answers 200 with JSON, removing 204; the next JWT shows it', async () => {
      const user = await dialect.createUser();
      const { jwt } = await asAdmin();
      const membership = `${groupsPath}/Key%20Users/users/${user.userId.replace('|', '%7C')}`;
      const added = ok(await dialect.api.post(membership, undefined, { jwt }));
      assert.equal(added.body.name, 'Key Users');
      assert.deepEqual(decodeJwt(await dialect.jwt(user)).claims.cust, { groups: ['Key Users'] });
      const removed = await dialect.api.delete(membership, { jwt });
      assert.deepEqual([removed.status, removed.text], [204, '']);
      assert.deepEqual(decodeJwt(await dialect.jwt(user)).claims.cust, { groups: [] });
    });

    test('are created with 201, read, changed and deleted', async () => {
      const { jwt } = await asAdmin();
      const created = await dialect.api.post(groupsPath, { name: 'My Team', description: 'first' }, { jwt });
      assert.equal(created.status, 201, created.text);
      const path = `${groupsPath}/My%20Team`;
      ok(await dialect.api.patch(path, { description: 'second' }, { jwt }));
      assert.equal(ok(await dialect.api.get(path, { jwt })).body.description, 'second');
      assert.equal(errorOf(await dialect.api.post(groupsPath, { name: 'My Team' }, { jwt })).status, 409);
      assert.equal((await dialect.api.delete(path, { jwt })).status, 204);
      assert.equal(errorOf(await dialect.api.get(path, { jwt })).code, 16);
    });

    test('admin keeps its last member, by removal and by deletion: 409', async () => {
      const { jwt } = await asAdmin();
      const id = decodeJwt(jwt).claims.sub;
      assert.equal(errorOf(await dialect.api.delete(`${groupsPath}/admin/users/${id}`, { jwt })).status, 409);
      assert.equal(errorOf(await dialect.api.delete(`${usersPath}/${id}`, { jwt })).status, 409);
    });
  });

  describe('password policies', () => {
    test('global exists with the defaults and cannot be deleted', async () => {
      const { jwt } = await asAdmin();
      const { body } = ok(await dialect.api.get(`${policiesPath}/global`, { jwt }));
      const { policy_name, inclusive_min_total_length, inclusive_max_total_length } = body;
      assert.deepEqual(
        [policy_name, inclusive_min_total_length, inclusive_max_total_length],
        ['global', 8, 128],
      );
      assert.deepEqual(
        [body.inclusive_min_upper_case, body.inclusive_min_lower_case, body.inclusive_min_digits],
        [1, 1, 1],
      );
      assert.deepEqual([body.inclusive_min_other, body.password_history_threshold], [1, 5]);
      assert.deepEqual([body.password_lifetime, body.password_change_min_days], [0, 0]);
      assert.deepEqual(body.failed_logins_lockout_thresholds, []);
      assert.equal(errorOf(await dialect.api.delete(`${policiesPath}/global`, { jwt })).status, 409);
    });

    test('of a name are created with 201 and hold for the users that name them', async () => {
      const { jwt } = await asAdmin();
      const policy = { policy_name: 'lax', inclusive_min_total_length: 4, inclusive_min_other: 0 };
      const created = await dialect.api.post(policiesPath, policy, { jwt });
      assert.equal(created.status, 201, created.text);
      await dialect.createUser({ password: 'Abc12', password_policy: 'lax' });
      assert.equal((await dialect.api.delete(`${policiesPath}/unknown`, { jwt })).status, 404);
    });
  });

  describe('lockout with the thresholds [0,5,30]', () => {
    before(async () => {
      const fields = { failed_logins_lockout_thresholds: [0, 5, 30] };
      ok(await dialect.api.patch(`${policiesPath}/global`, fields, await asAdmin()));
    });
    const fail = async (account: Account): Promise<void> => {
      const refused = await dialect.issue({}, { ...account, password: newPassword() });
      assert.deepEqual(errorOf(refused), wrongPassword);
    };

    test('lets the first failure pass, locks 5 minutes at the second and 30 at the third', async () => {
      const user = await dialect.createUser();
      await fail(user);
      ok(await dialect.issue({}, user));
      await fail(user);
      await fail(user);
      assert.deepEqual(errorOf(await dialect.issue({}, user)), wrongPassword);
      dialect.server.advance(5 * minute + second);
      await fail(user);
      dialect.server.advance(5 * minute + second);
      assert.deepEqual(errorOf(await dialect.issue({}, user)), wrongPassword);
      dialect.server.advance(25 * minute);
      ok(await dialect.issue({}, user));
      assert.equal((await readUser(user)).body.failed_logins_count, 0);
    });

    test('does not count attempts while it runs', async () => {
      const user = await dialect.createUser();
      await fail(user);
      await fail(user);
      for (let attempt = 0; attempt < 5; attempt += 1) await fail(user);
      assert.equal((await readUser(user)).body.failed_logins_count, 2);
      dialect.server.advance(5 * minute + second);
      ok(await dialect.issue({}, user));
    });

    test('is lifted by an administrator with failed_logins_count 0', async () => {
      const user = await dialect.createUser();
      await fail(user);
      await fail(user);
      assert.deepEqual(errorOf(await dialect.issue({}, user)), wrongPassword);
      assert.match((await readUser(user)).body.account_lockout_at, timeForm);
      const { body } = ok(await patchUser(user, { failed_logins_count: 0 }));
      assert.equal(body.failed_logins_count, 0);
      ok(await dialect.issue({}, user));
    });

    test('does not stop refreshes', async () => {
      const user = await dialect.createUser();
      const { refreshToken } = await dialect.grant({}, user);
      await fail(user);
      await fail(user);
      ok(await dialect.refresh(refreshToken));
    });
  });

  test('domains are listed with root and created with 201; a name is taken once', async () => {
    const { jwt } = await asAdmin();
    const admins = [decodeJwt(jwt).claims.sub];
    const created = await dialect.api.post('/api/v1/domains', { name: 'north', admins }, { jwt });
    assert.equal(created.status, 201, created.text);
    const { body } = ok(await dialect.api.get('/api/v1/domains?limit=100', { jwt }));
    const names = body.resources.map((item: { name: string }) => item.name);
    assert.ok(names.includes('root') && names.includes('north'));
    for (const name of ['north', 'NORTH', 'root']) {
      assert.equal(
        errorOf(await dialect.api.post('/api/v1/domains', { name, admins }, { jwt })).status,
        409,
        name,
      );
    }
  });

  test('guessing is slowed with 429 and Retry-After, alike for a name that exists and one that does not', async () => {
    const user = await dialect.createUser();
    const untilSlowed = async (username: string): Promise<[attempts: number, error: ErrorFace]> => {
      for (let attempts = 1; attempts <= 200; attempts += 1) {
        const answer = await dialect.api.post(tokensPath, { username, password: 'Wrong-pass1' });
        if (answer.status === 429) {
          assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
          return [attempts, errorOf(answer)];
        }
      }
      throw new Error('two hundred guesses were all looked at');
    };
    ok(
      await dialect.api.patch(
        `${policiesPath}/global`,
        { failed_logins_lockout_thresholds: [] },
        await asAdmin(),
      ),
    );
    const [known, unknown] = [await untilSlowed(user.username), await untilSlowed('no-such-name')];
    assert.deepEqual(known, unknown);
    assert.equal(known[1].codeDesc, 'NCERRTooManyRequests');
  });
});
