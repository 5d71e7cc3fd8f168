/** The login route, in every framework. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import {
  createGuard,
  failure,
  type GuardEvent,
  type GuardOptions,
  jwt,
  type LoginCheck,
  type LoginCredential,
  login,
  success,
} from '@tessera/guard';
import { call, type Received, type Sent } from './call.ts';
import { programs } from './programs.ts';
import { bearer, grant, signingKey } from './tokens.ts';

const form = ['Content-Type', 'application/x-www-form-urlencoded'] as const;
const json = ['Content-Type', 'application/json; charset=utf-8'] as const;
const wrong = '{"success":false,"errorMessage":"Bad username or password"}';
const missing = '{"success":false,"errorMessage":"UserName and Password are required"}';

const logIn = (url: string, sent: Partial<Sent> = {}): Promise<Received> =>
  call(url, {
    method: 'POST',
    target: '/login',
    headers: [form],
    body: 'Password=Test&UserName=Adam',
    ...sent,
  });

function guardWith(check: LoginCheck, options: Partial<GuardOptions> = {}) {
  const events: GuardEvent[] = [];
  const guard = createGuard({
    methods: [login(check, { timeoutSeconds: 0.1 }), jwt({ signingKey })],
    log: (event) => events.push(event),
    ...options,
  });
  return { guard, events };
}

for (const program of programs) {
  describe(program.name, () => {
    test('name and password are read in every way they may be sent', async (t) => {
      const seen: [string, string][] = [];
      const { guard } = guardWith(({ userName, password }) => {
        seen.push([userName, password]);
        return success({ token: grant({ identity: userName }) });
      });
      const url = await program.start(t, guard);
      const ways: readonly [Partial<Sent>, string, string][] = [
        [{}, 'Adam', 'Test'],
        [{ target: '/api/login?from=here' }, 'Adam', 'Test'],
        [{ body: 'username=Ad%C3%A4m&PASSWORD=a+b%26%3D%25c&Remember=yes' }, 'Adäm', 'a b&=%c'],
        [{ headers: [json], body: '{"UserName":"Zoë","Password":"😀\\"","Other":[1]}' }, 'Zoë', '😀"'],
        [{ headers: [json], body: '{"userNAME":"Adam","PASSWORD":" Test "}' }, 'Adam', ' Test '],
      ];
      for (const [sent, userName, password] of ways) {
        const { status, headers, body } = await logIn(url, sent);
        assert.deepEqual([status, headers['cache-control']], [200, ['no-store']], JSON.stringify(sent));
        assert.deepEqual(Object.keys(JSON.parse(body)), ['token']);
        assert.deepEqual(seen.pop(), [userName, password]);
        const me = await call(url, { target: '/api/user/me', headers: [bearer(JSON.parse(body).token)] });
        assert.equal(me.body, JSON.stringify(userName));
      }
    });

    test('a success without a token gets one of 25 minutes, with its roles, from the first jwt method', async (t) => {
      const check = () =>
        success({ userName: 'adam@example', roles: ['Operator'], payload: { Account: 'Billing' } });
      const methods = [
        login(check),
        jwt({ signingKey, issuer: 'IMS', audience: ['A', 'B'] }),
        jwt({ signingKey: 'x' }),
      ];
      const url = await program.start(t, createGuard({ methods }));
      const { token } = JSON.parse((await logIn(url)).body);
      const { body } = await call(url, { target: '/api/principal', headers: [bearer(token)] });
      const { userName, roles, issuer, audiences } = JSON.parse(body);
      assert.deepEqual([userName, roles, issuer, audiences], ['adam@example', ['Operator'], 'IMS', ['A']]);
      const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
      assert.deepEqual([claims.exp - claims.nbf, claims.Account], [1500, 'Billing']);
    });

    test('whatever a check does but succeed is a failed login', async (t) => {
      const bad: readonly [name: string, check: unknown, events: number][] = [
        ['fails', () => failure(), 0],
        [
          'throws',
          () => {
            throw new Error('the directory is away');
          },
          1,
        ],
        ['rejects', async () => Promise.reject(new Error('the directory is away')), 1],
        [
          'throws no error',
          () => {
            throw 'Test';
          },
          1,
        ],
        ['hangs', () => new Promise(() => {}), 1],
        ['returns nothing', () => undefined, 1],
        ['returns true', () => true, 1],
        ['returns what looks like a success', () => ({ ...success({ token: grant() }), kind: 'success' }), 1],
        ['grants a forged payload', () => success({ payload: { exp: 9e9 } }), 1],
        ['gives an empty token', () => success({ token: '' }), 1],
      ];
      for (const [name, check, count] of bad) {
        const { guard, events } = guardWith(check as LoginCheck);
        const { status, headers, body } = await logIn(await program.start(t, guard));
        assert.deepEqual(
          [status, headers['www-authenticate'], headers['cache-control'], body],
          [401, ['Bearer'], ['no-store'], wrong],
          name,
        );
        assert.equal(events.length, count, name);
        assert.doesNotMatch(JSON.stringify(events), /Test/, name);
      }
    });

    test('failure’s own words are shown; the first success wins', async (t) => {
      const methods = [
        login(({ userName }) => failure(userName === 'Eve' ? 'Locked' : '')),
        login(({ userName }) => (userName === 'Adam' ? success() : failure())),
        jwt({ signingKey }),
      ];
      const url = await program.start(t, createGuard({ methods }));
      assert.equal((await logIn(url)).status, 200);
      const { status, body } = await logIn(url, { body: 'UserName=Eve&Password=Test' });
      assert.deepEqual([status, body], [401, '{"success":false,"errorMessage":"Locked"}']);
    });

    test('an empty name or password is a failed login that the check never hears of', async (t) => {
      const { guard } = guardWith(() => assert.fail('the check was asked'));
      const url = await program.start(t, guard);
      for (const body of ['UserName=Adam&Password=', 'UserName=&Password=Test', 'UserName&Password']) {
        const received = await logIn(url, { body });
        assert.deepEqual([received.status, received.body], [401, wrong], body);
      }
      assert.equal(
        (await logIn(url, { headers: [json], body: '{"UserName":"A","Password":""}' })).status,
        401,
      );
    });

    test('what cannot be read is 400, 413 or 415, with the same shape', async (t) => {
      const { guard } = guardWith(() => assert.fail('the check was asked'));
      const url = await program.start(t, guard);
      const chunked = ['Transfer-Encoding', 'chunked'] as const;
      const big = `UserName=Adam&Password=${'x'.repeat(16_384)}`;
      const cases: readonly [name: string, sent: Partial<Sent>, status: number][] = [
        ['a field missing', { body: 'UserName=Adam' }, 400],
        ['no body', { body: '' }, 400],
        ['a field twice', { body: 'UserName=Adam&Password=a&password=b' }, 400],
        ['a bad escape', { body: 'UserName=Adam&Password=%zz' }, 400],
        ['bytes that are no UTF-8', { body: Buffer.from('UserName=Adam&Password=\xff', 'latin1') }, 400],
        ['an escape that is no UTF-8', { body: 'UserName=Adam&Password=%ff' }, 400],
        ['broken JSON', { headers: [json], body: '{"UserName":"Adam"' }, 400],
        ['JSON of another kind', { headers: [json], body: '["Adam","Test"]' }, 400],
        ['a member twice', { headers: [json], body: '{"UserName":"A","Password":"a","Password":"b"}' }, 400],
        ['a password that is no text', { headers: [json], body: '{"UserName":"A","Password":1}' }, 400],
        ['a password that is a list', { headers: [json], body: '{"UserName":"A","Password":["a"]}' }, 400],
        ['another media type', { headers: [['Content-Type', 'text/plain']] }, 415],
        ['multipart', { headers: [['Content-Type', 'multipart/form-data; boundary=x']] }, 415],
        ['no media type', { headers: [] }, 415],
        ['a compressed body', { headers: [form, ['Content-Encoding', 'gzip']] }, 415],
        ['over 16 KiB', { body: big }, 413],
        ['over 16 KiB in chunks', { headers: [form, chunked], target: '/login', body: big }, 413],
      ];
      for (const [name, sent, status] of cases) {
        const isChunked = sent.headers?.includes(chunked) === true;
        const received = isChunked ? await logInChunked(url, big) : await logIn(url, sent);
        assert.equal(received.status, status, name);
        assert.deepEqual(received.headers['cache-control'], ['no-store'], name);
        if (status === 400) assert.equal(received.body, missing, name);
        assert.equal(JSON.parse(received.body).success, false, name);
      }
      const exactly = `UserName=Adam&Password=&x=${'x'.repeat(16_384 - 26)}`;
      assert.equal((await logIn(url, { body: exactly })).status, 401);
    });

    test('the eleventh quick failure of a name is 429, whatever its letters; others are heard', async (t) => {
      const check: LoginCheck = ({ password }) => (password === 'right' ? success() : failure());
      let nowMs = Date.now();
      const { guard } = guardWith(check, { clock: () => nowMs });
      const url = await program.start(t, guard);
      const as = (userName: string, password: string) =>
        logIn(url, { headers: [json], body: JSON.stringify({ userName, password }) });
      // Addresses count as well, so that the tenth failure of all is the last from here.
      for (let count = 1; count <= 10; count++)
        assert.equal((await as(count % 2 ? 'Eve' : 'eVE', 'x')).status, 401);
      const { status, headers, body } = await as('EVE', 'right');
      assert.deepEqual(
        [status, headers['retry-after'], headers['cache-control']],
        [429, ['300'], ['no-store']],
      );
      assert.equal(JSON.parse(body).success, false);
      nowMs += 300_000;
      assert.equal((await as('eve', 'right')).status, 200);
    });

    test('a login beside a bad bearer is a login; a bad bearer beside anything stays 401', async (t) => {
      const { guard } = guardWith(() => success());
      const url = await program.start(t, guard);
      assert.equal((await logIn(url, { headers: [form, bearer('bad')] })).status, 200);
      const cookie = ['Cookie', `token=${grant()}`] as const;
      for (const [target, headers] of [
        [`/api/user/me?access_token=${grant()}`, [bearer('bad'), cookie]],
        [
          '/api/user/me',
          [bearer('bad'), ['X-Auth-Token', grant()], ['Proxy-Authorization', `Bearer ${grant()}`]],
        ],
      ] as const) {
        const { status, headers: received } = await call(url, { target, headers });
        assert.deepEqual([status, received['www-authenticate']], [401, ['Bearer error="invalid_token"']]);
      }
    });

    test('paths may be renamed; without a login method there is no login route', async (t) => {
      const renamed = guardWith(() => success(), { paths: { login: '/auth/sign-in' } }).guard;
      const url = await program.start(t, renamed);
      assert.equal((await logIn(url, { target: '/auth/sign-in' })).status, 200);
      assert.equal((await logIn(url)).status, 401);
      const without = await program.start(t, createGuard({ methods: [jwt({ signingKey })] }));
      assert.equal((await logIn(without)).status, 401);
    });
  });
}

async function logInChunked(url: string, body: string): Promise<Received> {
  const chunks = body.match(/.{1,4000}/g) ?? [];
  const encoded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
  return call(url, {
    method: 'POST',
    target: '/login',
    headers: [form, ['Transfer-Encoding', 'chunked']],
    body: `${encoded}0\r\n\r\n`,
    framing: 'given',
  });
}

test('a token that no method accepts is handed out unchanged, and the operator hears of it', async (t) => {
  const { guard, events } = guardWith(() => success({ token: 'opaque' }));
  const url = await (programs[0] as (typeof programs)[0]).start(t, guard);
  assert.equal((await logIn(url)).body, '{"token":"opaque"}');
  assert.deepEqual(
    events.map(({ code }) => code),
    ['TESSERA_LOGIN_TOKEN_REFUSED'],
  );
});

test('printing or serialising a credential shows no password', async () => {
  let kept: LoginCredential | null = null;
  const { guard } = guardWith((credential) => {
    kept = credential;
    return failure();
  });
  await guard.logIn({
    head: { method: 'POST', target: '/login', headers: [], remoteAddress: null, isPrivate: true },
    contentType: form[1],
    contentEncoding: null,
    readBody: async () => ({ kind: 'parsed', value: { UserName: 'Adam', Password: 'open sesame' } }),
  });
  for (const text of [
    inspect(kept, { showHidden: true }),
    JSON.stringify(kept),
    `${kept}`,
    JSON.stringify({ ...(kept as object | null) }),
  ]) {
    assert.doesNotMatch(text, /sesame/);
  }
  assert.equal((kept as LoginCredential | null)?.password, 'open sesame');
});
