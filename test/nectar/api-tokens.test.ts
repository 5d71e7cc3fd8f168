/** Generating, listing and revoking API tokens, and who may. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditEntries, readTables } from '../harness/stored.ts';
import { dialectOf as nebularstackOf } from '../nebularstack/dialect.ts';
import {
  assertBadPair,
  created,
  errorOf,
  minute,
  onEachEngine,
  second,
  sessionsPath,
  tokensPath,
} from './dialect.ts';

const interactiveOnly = {
  status: 403,
  error: 'Forbidden',
  message: 'Sign in interactively to manage credentials',
};

onEachEngine((dialect) => {
  const withJwt = async (method: 'get' | 'delete', path: string, jwt?: string) =>
    dialect.api[method](path, { jwt: jwt ?? (await dialect.signIn()) });

  describe('generating', () => {
    test('shows both values once, where it is and when it ends, and keeps neither', async () => {
      const answer = created(await dialect.generate({ name: '  Zoë’s report ', validityDays: 90 }));
      assert.deepEqual(Object.keys(answer.body), [
        'id',
        'name',
        'createdAt',
        'expiresAt',
        'accessToken',
        'refreshToken',
        'tokenType',
        'expiresIn',
        'refreshExpiresIn',
      ]);
      const { id, name, accessToken, refreshToken, expiresIn, refreshExpiresIn } = answer.body;
      assert.equal(name, 'Zoë’s report');
      assert.deepEqual([expiresIn, refreshExpiresIn], [7200, 90 * 86_400]);
      assert.equal(answer.headers.get('location'), `${tokensPath}/${id}`);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      const seen = await withJwt('get', `${tokensPath}/${id}`);
      for (const text of [accessToken, refreshToken]) assert.ok(!seen.text.includes(text));
      const stored = JSON.stringify([...(await readTables(dialect.server))]);
      for (const text of [accessToken.split('.')[2], refreshToken]) assert.ok(!stored.includes(text));
      const [entry] = (await auditEntries(dialect.server, 'api_token_generated')).filter(
        ({ target }) => target === id,
      );
      assert.ok(entry);
    });

    for (const [name, status] of [
      ['', 400],
      ['   ', 400],
      ['\u200b\u200d', 400],
      ['x'.repeat(101), 400],
      ['x'.repeat(100), 201],
      ['🦉'.repeat(100), 201],
      ['line\nbreak', 400],
      ['nul\u0000', 400],
      ['half \ud83e', 400],
      [7, 400],
      [null, 400],
      [undefined, 400],
    ] as const)
      test(`a name of ${JSON.stringify(name)?.slice(0, 20)} is ${status}`, async () => {
        const before = (await dialect.list()).length;
        const answer = await dialect.generate({ name });
        assert.equal(answer.status, status);
        if (status === 400) assert.equal(errorOf(answer).field, 'name');
        assert.equal((await dialect.list()).length, before + (status === 201 ? 1 : 0));
      });

    test('the name of a live token is 409, in whatever form it is written; another case is another name', async () => {
      created(await dialect.generate({ name: 'Caf\u00e9' }));
      for (const name of ['Caf\u00e9', ' Caf\u00e9 ', 'Cafe\u0301']) {
        const { status, field } = errorOf(await dialect.generate({ name }));
        assert.deepEqual([status, field], [409, 'name']);
      }
      created(await dialect.generate({ name: 'caf\u00e9' }));
    });

    test('of many at once with the same name exactly one is made', async () => {
      const jwt = await dialect.signIn();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => dialect.generate({ name: 'once' }, jwt)),
      );
      const statuses = answers.map(({ status }) => status).sort();
      assert.deepEqual(statuses, [201, ...Array.from({ length: 9 }, () => 409)]);
    });

    for (const validityDays of [0, -1, 1.5, 3651, '90', true, [1], 1e300])
      test(`a validity of ${JSON.stringify(validityDays)} is 400 and nothing is made`, async () => {
        const { status, field } = errorOf(await dialect.generate({ name: 'not made', validityDays }));
        assert.deepEqual([status, field], [400, 'validityDays']);
        assert.ok(!(await dialect.list()).some(({ name }) => name === 'not made'));
      });

    test('is for the caller alone: an owner in the body is not looked at', async () => {
      const { username, password, userId } = await dialect.ciphertrust.createUser();
      const jwt = await dialect.signIn({ username, password });
      const answer = await dialect.generate(
        { name: 'mine', user: 'admin', userId: 'admin', roles: ['admin'] },
        jwt,
      );
      const me = await withJwt('get', '/account/v1/me', created(answer).body.accessToken);
      assert.deepEqual([me.body.userName, me.body.roles], [username, []]);
      assert.equal((await dialect.list(`?user=${userId.split('|').at(-1)}`)).length, 1);
    });
  });

  test('`me` tells whose credential it is and of which kind', async () => {
    const token = await dialect.newToken({ name: 'who am I', validityDays: 1 });
    const { body } = await withJwt('get', '/account/v1/me', token.accessToken);
    assert.deepEqual(Object.keys(body), ['userName', 'accountType', 'roles', 'session']);
    const { expiresAt } = await dialect.listed(token.id);
    assert.deepEqual(body.session, { kind: 'api-token', name: 'who am I', expiresAt });
    const signedIn = await withJwt('get', '/account/v1/me');
    assert.equal(signedIn.body.session.kind, 'sign-in');
    const { jwt } = await dialect.ciphertrust.grant();
    assert.equal((await withJwt('get', '/account/v1/me', jwt)).body.session.kind, 'application');
  });

  describe('listing', () => {
    test('is newest first, a page at a time, whatever comes in between', async () => {
      const { username, password } = await dialect.ciphertrust.createUser();
      const jwt = await dialect.signIn({ username, password });
      const ids: string[] = [];
      for (let at = 0; at < 5; at += 1) ids.unshift((await dialect.newToken({}, jwt)).id);
      const found: string[] = [];
      let query = '?limit=2';
      for (;;) {
        const { body } = await withJwt('get', `${tokensPath}${query}`, jwt);
        found.push(...body.apiTokens.map(({ id }: { id: string }) => id));
        await dialect.newToken({}, jwt);
        if (body.nextCursor === null) break;
        query = `?limit=2&cursor=${body.nextCursor}`;
      }
      assert.deepEqual(found, ids);
    });

    test('says when and from where a token was used, at most once a minute', async () => {
      const token = await dialect.newToken();
      assert.equal((await dialect.listed(token.id)).lastUsedAt, null);
      const call = (from: string) =>
        dialect.api.get('/account/v1/me', { jwt: token.accessToken, headers: { 'x-forwarded-for': from } });
      await call('198.51.100.1');
      const first = await dialect.listed(token.id);
      assert.equal(first.lastUsedAddress, '198.51.100.1');
      dialect.advance(50 * second);
      await call('198.51.100.2');
      assert.deepEqual(await dialect.listed(token.id), first);
      dialect.advance(11 * second);
      await call('198.51.100.3');
      assert.equal((await dialect.listed(token.id)).lastUsedAddress, '198.51.100.3');
      await dialect.renew(token, { from: '198.51.100.4' });
      assert.equal((await dialect.listed(token.id)).lastUsedAddress, '198.51.100.4');
    });

    for (const query of ['?state=dead', '?limit=0', '?limit=1001', '?limit=x', '?cursor=%00', '?cursor=x!'])
      test(`${query} is 400 with the field`, async () => {
        const { status, field } = errorOf(await withJwt('get', tokensPath + query));
        assert.deepEqual([status, field], [400, query.slice(1).split('=')[0]]);
      });
  });

  describe('revoking', () => {
    test('stops renewals and calls at once, frees the name, and may be repeated', async () => {
      const token = await dialect.newToken({ name: 'to be revoked' });
      for (let at = 0; at < 2; at += 1) {
        const { status, text } = await withJwt('delete', `${tokensPath}/${token.id}`);
        assert.deepEqual([status, text], [204, '']);
      }
      assertBadPair(await dialect.renew(token));
      assert.equal(await dialect.statusWith(token.accessToken), 401);
      assert.equal((await dialect.listed(token.id)).state, 'revoked');
      created(await dialect.generate({ name: 'to be revoked' }));
      const entries = await auditEntries(dialect.server, 'api_token_revoked');
      assert.equal(entries.filter(({ target }) => target === token.id).length, 1);
    });

    test('of what is unknown, another’s, or no id is 404 and changes nothing', async () => {
      const token = await dialect.newToken();
      const { username, password } = await dialect.ciphertrust.createUser();
      const jwt = await dialect.signIn({ username, password });
      for (const id of [token.id, '00000000-0000-4000-8000-000000000000', 'x'])
        for (const method of ['get', 'delete'] as const)
          assert.equal(errorOf(await withJwt(method, `${tokensPath}/${id}`, jwt)).status, 404);
      assert.equal(errorOf(await withJwt('get', `${tokensPath}?user=admin`, jwt)).status, 404);
      assert.equal(await dialect.statusWith(token.accessToken), 200);
    });

    test('by an administrator ends anybody’s, who never sees a value', async () => {
      const { username, password } = await dialect.ciphertrust.createUser();
      const token = await dialect.newToken({}, await dialect.signIn({ username, password }));
      const listed = await withJwt('get', `${tokensPath}?user=${username}`);
      assert.equal(listed.body.apiTokens[0].id, token.id);
      assert.ok(!listed.text.includes(token.refreshToken) && !listed.text.includes(token.accessToken));
      assert.equal((await withJwt('delete', `${tokensPath}/${token.id}`)).status, 204);
      assertBadPair(await dialect.renew(token));
    });
  });

  describe('with an API token, or a token that a program refreshed,', () => {
    test('nobody manages credentials, and only that very token is listed', async () => {
      const { username, password } = await dialect.ciphertrust.createUser();
      const account = { username, password };
      const own = await dialect.signIn(account);
      const token = await dialect.newToken({}, own);
      const other = await dialect.newToken({}, own);
      const grant = await dialect.ciphertrust.grant({}, account);
      const refreshed = (await dialect.ciphertrust.refresh(grant.refreshToken)).body.jwt;
      for (const jwt of [token.accessToken, grant.jwt, refreshed]) {
        const attempts = [
          dialect.generate({ name: 'second' }, jwt),
          withJwt('delete', `${tokensPath}/${token.id}`, jwt),
          withJwt('delete', `${tokensPath}/${other.id}`, jwt),
          withJwt('delete', sessionsPath, jwt),
          withJwt('delete', `${sessionsPath}/${other.id}`, jwt),
          dialect.api.put('/account/v1/password', { password, newPassword: 'New-pass-word-2' }, { jwt }),
          dialect.api.post('/account/v1/second-factor', { password }, { jwt }),
          dialect.api.put('/account/v1/second-factor', { otp: '123456' }, { jwt }),
          dialect.api.post('/account/v1/second-factor/recovery-codes', { password }, { jwt }),
          dialect.api.post('/account/v1/second-factor/disable', { password }, { jwt }),
          withJwt('get', '/account/v1/second-factor', jwt),
        ];
        for (const answer of await Promise.all(attempts)) assert.deepEqual(errorOf(answer), interactiveOnly);
      }
      assert.deepEqual(
        (await dialect.list('', token.accessToken)).map(({ id, current }) => [id, current]),
        [[token.id, true]],
      );
      assert.deepEqual(await dialect.list('', refreshed), []);
      assert.equal(errorOf(await withJwt('get', `${tokensPath}/${other.id}`, token.accessToken)).status, 404);
      const sessions = await withJwt('get', sessionsPath, token.accessToken);
      assert.deepEqual(
        sessions.body.sessions.map(({ id }: { id: string }) => id),
        [token.id],
      );
      assert.equal(await dialect.statusWith(other.accessToken), 200);
    });

    test('an administrator’s sees nobody else’s either', async () => {
      const { username } = await dialect.ciphertrust.createUser();
      const { accessToken } = await dialect.newToken();
      assert.equal(errorOf(await withJwt('get', `${tokensPath}?user=${username}`, accessToken)).status, 404);
    });

    test('nothing of other interfaces is open', async () => {
      const { accessToken } = await dialect.newToken();
      assert.equal((await withJwt('get', '/api/v1/auth/self/user', accessToken)).status, 401);
      const { status } = await dialect.api.get('/v1/users', { headers: { 'x-auth-token': accessToken } });
      assert.equal(status, 401);
    });
  });

  describe('the owner', () => {
    test('disabled has suspended tokens, which live again when enabled', async () => {
      const { username, password, userId } = await dialect.ciphertrust.createUser();
      const token = await dialect.newToken({}, await dialect.signIn({ username, password }));
      const setAllowed = async (methods: readonly string[]) => {
        const path = `/api/v1/usermgmt/users/${encodeURIComponent(userId)}`;
        const jwt = await dialect.signIn();
        const { status, text } = await dialect.api.patch(path, { allowed_auth_methods: methods }, { jwt });
        assert.equal(status, 200, text);
      };
      const state = async () => (await dialect.list(`?user=${username}`)).map((listed) => listed.state);
      await setAllowed([]);
      assertBadPair(await dialect.renew(token));
      assert.equal(await dialect.statusWith(token.accessToken), 401);
      assert.deepEqual(await state(), ['suspended']);
      assert.deepEqual(await dialect.list(`?user=${username}&state=live`), []);
      await setAllowed(['password']);
      assert.equal(await dialect.statusWith(token.accessToken), 200);
      assert.deepEqual(await state(), ['live']);
      await dialect.next(token);
    });

    test('deleted has no tokens any more', async () => {
      const { username, password, userId } = await dialect.ciphertrust.createUser();
      const token = await dialect.newToken({}, await dialect.signIn({ username, password }));
      const path = `/api/v1/usermgmt/users/${encodeURIComponent(userId)}`;
      assert.equal((await withJwt('delete', path)).status, 204);
      assertBadPair(await dialect.renew(token));
      assert.equal(await dialect.statusWith(token.accessToken), 401);
    });

    test('whose roles change has them in the next access token', async () => {
      const { username, password, userId } = await dialect.ciphertrust.createUser();
      const token = await dialect.newToken({}, await dialect.signIn({ username, password }));
      const path = `/api/v1/usermgmt/groups/${encodeURIComponent('Key Users')}/users/${encodeURIComponent(userId)}`;
      const joined = await dialect.api.post(path, undefined, { jwt: await dialect.signIn() });
      assert.equal(joined.status, 200, joined.text);
      const next = await dialect.next(token);
      const me = await withJwt('get', '/account/v1/me', next.accessToken);
      assert.deepEqual(me.body.roles, ['Key Users']);
    });
  });

  test('the contract in /openapi.json names every member of every answer', async () => {
    const { paths } = (await dialect.api.get('/openapi.json')).body;
    const described = (path: string, method: string, status: string): string[] =>
      paths[path][method].responses[status].content['application/json'].schema.required;
    const generated = created(await dialect.generate({ name: 'as described' })).body;
    assert.deepEqual(Object.keys(generated), described(tokensPath, 'post', '201'));
    const { id } = generated;
    const token = (await withJwt('get', `${tokensPath}/${id}`)).body;
    assert.deepEqual(Object.keys(token), described(`${tokensPath}/{id}`, 'get', '200'));
    for (const path of [tokensPath, sessionsPath]) {
      const { body } = await withJwt('get', path);
      const [name = ''] = described(path, 'get', '200');
      const { items } = paths[path].get.responses['200'].content['application/json'].schema.properties[name];
      assert.deepEqual(Object.keys(body[name][0]), items.required);
    }
    const next = (await dialect.renew(generated)).body;
    assert.deepEqual(Object.keys(next), described('/aapi/jwt/token/renew', 'post', '200'));
    const me = (await withJwt('get', '/account/v1/me')).body;
    assert.deepEqual(Object.keys(me), described('/account/v1/me', 'get', '200'));
  });

  test('tokens of nebularstack prove a caller too, minimal ones never', async () => {
    const nebularstack = nebularstackOf(() => dialect.server);
    const domain = await nebularstack.createDomain();
    const account = await nebularstack.createUser(domain, ['Customer', domain]);
    for (const logIn of [nebularstack.v1, nebularstack.v2, nebularstack.v3]) {
      const { token } = (await logIn(account)).body;
      const made = await dialect.newToken({}, token);
      const me = await withJwt('get', '/account/v1/me', made.accessToken);
      assert.deepEqual([me.body.userName, me.body.roles], [account.username, ['Customer']]);
    }
    const minimal = (await nebularstack.v2(account, { type: 'minimal' })).body.token;
    for (const path of ['/account/v1/me', tokensPath, sessionsPath])
      assert.equal(errorOf(await withJwt('get', path, minimal)).status, 403);
    nebularstack.advance(61 * minute);
  });
});
