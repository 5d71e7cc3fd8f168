/** HTTP Basic: for local accounts that nothing more is asked of; all else is one and the same refusal. @module */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import pg from 'pg';
import { otpAt } from '../harness/authenticator.ts';
import { sendRaw } from '../harness/raw-http.ts';
import { secret } from '../harness/run-folder.ts';
import { auditEntries, databaseFiles } from '../harness/stored.ts';
import { assertBadPassword, basic, created, errorOf, onEachEngine, pairOf } from './dialect.ts';

onEachEngine((dialect) => {
  const me = (authorization: string) => dialect.api.get('/account/v1/me', { headers: { authorization } });
  const check = (userName: string, password: string) =>
    dialect.api.post('/aapi/basic', { userName, password });
  const newAccount = (fields: object = {}) => dialect.ciphertrust.createUser(fields);
  /** There is no single sign-on yet: the record is all that there is of such an account. */
  const makeSso = async (username: string): Promise<void> => {
    const statement = `update users set connection = 'sso' where username = '${username}'`;
    if (dialect.server.databaseUrl === null) {
      const [file] = databaseFiles(dialect.server.dataDir);
      const database = new DatabaseSync(join(dialect.server.dataDir, file?.name ?? ''));
      database.exec(statement);
      database.close();
    } else {
      const client = new pg.Client({ connectionString: dialect.server.databaseUrl });
      await client.connect();
      await client.query(statement);
      await client.end();
    }
  };

  test('a local user is let in, by name in any letter case and a password with colons and umlauts', async () => {
    const { username, password } = await newAccount({ password: secret('Pä:ss:Wörd-1') });
    for (const name of [username, username.toUpperCase()]) {
      const { status, body } = await me(basic(name, password));
      assert.equal(status, 200);
      assert.deepEqual(body, {
        userName: username,
        accountType: 'local',
        roles: [],
        session: { kind: 'basic', name: null, expiresAt: null },
      });
      assert.equal((await check(name, password)).body.userName, username);
    }
  });

  test('unknown users, wrong passwords, second factors, single sign-on and disabled accounts are refused alike', async () => {
    const { username, password } = await newAccount();
    const sso = await newAccount();
    await makeSso(sso.username);
    const withFactor = await newAccount();
    const jwt = await dialect.signIn(withFactor);
    const path = '/account/v1/second-factor';
    const enrolled = (await dialect.api.post(path, { password: withFactor.password }, { jwt })).body;
    secret(enrolled.secret);
    const confirmed = await dialect.api.put(
      path,
      { otp: otpAt(enrolled.otpauthUri, dialect.nowMs()) },
      { jwt },
    );
    for (const code of confirmed.body.recoveryCodes) secret(code);
    const expected = [
      [username, 'wrong', 'bad_password'],
      ['nobody', password, 'unknown_user'],
      [sso.username, sso.password, 'sso_account'],
      [withFactor.username, withFactor.password, 'second_factor_required'],
      [withFactor.username, 'wrong', 'bad_password'],
      [username, '', 'bad_password'],
      ['', '', 'unknown_user'],
    ] as const;
    for (const [name, text, reason] of expected) {
      assertBadPassword(await me(basic(name, text)));
      assertBadPassword(await check(name, text));
      const entries = await auditEntries(dialect.server, 'basic');
      assert.equal(entries.at(-1)?.reason, reason, name);
    }
  });

  test('what is no Basic credential is refused with the same words', async () => {
    for (const written of [
      'Basic !',
      'Basic bm9jb2xvbg==',
      `Basic ${Buffer.from('a\u0000:b').toString('base64')}`,
    ])
      assertBadPassword(await me(written));
  });

  test('a bad Bearer beside a good Basic is refused, and no other route takes Basic', async () => {
    const { username, password } = await newAccount();
    const good = basic(username, password);
    const head = 'GET /account/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';
    for (const order of [
      [good, 'Bearer made.up.token'],
      ['Bearer made.up.token', good],
    ]) {
      const lines = order.map((value) => `Authorization: ${value}\r\n`).join('');
      assert.match(await sendRaw(dialect.server.url, `${head}${lines}\r\n`), /^HTTP\/1\.1 401 /);
    }
    const headers = { authorization: good };
    for (const path of ['/account/v1/api-tokens', '/account/v1/sessions'])
      assert.equal((await dialect.api.get(path, { headers })).status, 401);
  });

  test('an account of single sign-on that has signed in generates a token like any other', async () => {
    const account = await newAccount();
    const jwt = await dialect.signIn(account);
    await makeSso(account.username);
    const { body } = created(await dialect.generate({ name: 'of an SSO account' }, jwt));
    const next = pairOf(await dialect.renew(body));
    const { body: seen } = await dialect.api.get('/account/v1/me', { jwt: next.accessToken });
    assert.deepEqual([seen.userName, seen.accountType], [account.username, 'sso']);
  });

  test('guessing is slowed with 429, alike for names that exist and those that do not', async () => {
    const { username } = await newAccount();
    for (const name of [username, 'no-such-user']) {
      for (let count = 0; count < 30; count += 1) assertBadPassword(await check(name, 'wrong'));
      const slowed = await check(name, 'wrong');
      assert.equal(errorOf(slowed).status, 429);
      assert.ok(Number(slowed.headers.get('retry-after')) > 0);
    }
  });
});

onEachEngine(
  (dialect) => {
    test('switched off, even a good password is refused', async () => {
      const password = dialect.server.adminPassword;
      const headers = { authorization: basic('admin', password) };
      assertBadPassword(await dialect.api.get('/account/v1/me', { headers }));
      assertBadPassword(await dialect.api.post('/aapi/basic', { userName: 'admin', password }));
    });
  },
  { env: { NECTAR_BASIC: 'off' } },
);
