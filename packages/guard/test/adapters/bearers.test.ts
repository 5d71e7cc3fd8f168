/** What every adapter answers to bearers, word for word. @module */
import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { describe, test } from 'node:test';
import { createGuard, jwt } from '@tessera/guard';
import { SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { call } from './call.ts';
import { programs } from './programs.ts';
import { bearer, challenge, encode, forge, grant, hs256, signingKey, soundClaims } from './tokens.ts';

/** A hidden clock: seconds since the tests' now. */
const nowMs = Date.now();
const atSeconds = (seconds: number): Date => new Date(nowMs + seconds * 1000);
const lived = (from: number, until: number): string =>
  grant({ now: atSeconds(from), expiry: atSeconds(until) });
const nowSeconds = Math.floor(nowMs / 1000);

const notBefore = (seconds: number): string =>
  forge(hs256, soundClaims({ nbf: nowSeconds + seconds, exp: nowSeconds + 9999 }));
const unsigned = `${encode({ alg: 'none', typ: 'JWT' })}.${encode(soundClaims())}.`;
const good = grant();
const [goodHeader = '', , goodSignature = ''] = good.split('.');

const refused: readonly [name: string, headers: readonly (readonly [string, string])[], challenge: string][] =
  [
    ['no Authorization', [], 'Bearer'],
    ['another scheme', [['Authorization', 'Digest username="Adam"']], 'Bearer'],
    ['Bearer with nothing behind it', [['Authorization', 'Bearer']], 'Bearer'],
    ['Bearer with spaces behind it', [['Authorization', 'Bearer   ']], 'Bearer'],
    ['some blob', [bearer('someblob')], 'Bearer error="invalid_token"'],
    ['five parts', [bearer(`${good}.a.b`)], 'Bearer error="invalid_token"'],
    [
      'a payload that is no JSON',
      [bearer(`${goodHeader}.${encode('{')}.${goodSignature}`)],
      'Bearer error="invalid_token"',
    ],
    [
      'a crit header',
      [bearer(forge({ ...hs256, crit: ['b64'] }, soundClaims()))],
      'Bearer error="invalid_token"',
    ],
    [
      'another typ',
      [bearer(forge({ ...hs256, typ: 'at+jwt' }, soundClaims()))],
      'Bearer error="invalid_token"',
    ],
    ['two headers', [bearer(good), bearer(good)], 'Bearer error="invalid_token"'],
    [
      'two headers, the second of another scheme',
      [bearer(good), ['authorization', 'Basic QWRhbTpUZXN0']],
      'Bearer error="invalid_token"',
    ],
    ['two tokens in one header', [bearer(`${good}, Bearer ${good}`)], 'Bearer error="invalid_token"'],
    ['alg none', [bearer(unsigned)], challenge('The signature is invalid')],
    [
      'HS512',
      [bearer(forge({ alg: 'HS512', typ: 'JWT' }, soundClaims(), signingKey, 'sha512'))],
      challenge('The signature is invalid'),
    ],
    [
      'RS256 with a kid',
      [bearer(forge({ alg: 'RS256', kid: 'a' }, soundClaims()))],
      challenge('The signature is invalid'),
    ],
    [
      'no signature',
      [bearer(`${good.slice(0, good.lastIndexOf('.'))}.`)],
      challenge('The signature is invalid'),
    ],
    [
      'a changed payload',
      [bearer([goodHeader, encode(soundClaims({ role: 'root' })), goodSignature].join('.'))],
      challenge('The signature is invalid'),
    ],
    [
      'another key',
      [bearer(grant({ signingKey: 'default_signing_key' }))],
      challenge('The signature is invalid'),
    ],
    [
      'another key and a kid',
      [bearer(forge({ ...hs256, kid: 'a' }, soundClaims(), 'x'))],
      challenge('The signature key was not found'),
    ],
    [
      'no exp',
      [bearer(forge(hs256, soundClaims({ exp: undefined })))],
      challenge('The token has no expiration'),
    ],
    [
      'exp as text',
      [bearer(forge(hs256, soundClaims({ exp: '9999999999' })))],
      challenge('The token has no expiration'),
    ],
    [
      'nbf after exp',
      [bearer(forge(hs256, soundClaims({ nbf: nowSeconds + 700 })))],
      challenge('The token lifetime is invalid'),
    ],
    [
      'nbf as text',
      [bearer(forge(hs256, soundClaims({ nbf: '1' })))],
      challenge('The token lifetime is invalid'),
    ],
    [
      'exp beyond all dates',
      [bearer(forge(hs256, soundClaims({ exp: 1e300 })))],
      challenge('The token lifetime is invalid'),
    ],
    ['nbf 301 s ahead', [bearer(notBefore(301))], challenge('The token is not valid yet')],
    ['expired 301 s ago', [bearer(lived(-900, -301))], challenge('The token is expired')],
    ['another audience', [bearer(grant({ audience: 'Elsewhere' }))], challenge('The audience is invalid')],
    [
      'no audience',
      [bearer(forge(hs256, soundClaims({ aud: undefined })))],
      challenge('The audience is invalid'),
    ],
    [
      'audiences without ours',
      [bearer(forge(hs256, soundClaims({ aud: ['a', ['UniversalDashboard']] })))],
      challenge('The audience is invalid'),
    ],
    ['another issuer', [bearer(grant({ issuer: 'IMS' }))], challenge('The issuer is invalid')],
    ['the issuer in capitals', [bearer(grant({ issuer: 'POSHUD.COM' }))], challenge('The issuer is invalid')],
    [
      'no issuer',
      [bearer(forge(hs256, soundClaims({ iss: undefined })))],
      challenge('The issuer is invalid'),
    ],
  ];

const accepted: readonly [name: string, header: readonly [string, string]][] = [
  ['a granted token', bearer(good)],
  ['the scheme in any letter case, spaces around the token', ['aUTHORIZATION', `bEARER   ${good}  `]],
  ['a kid that fits no key, under the right signature', bearer(forge({ ...hs256, kid: 'a' }, soundClaims()))],
  ['no typ', bearer(forge({ alg: 'HS256' }, soundClaims()))],
  ['typ in small letters', bearer(forge({ alg: 'HS256', typ: 'jwt' }, soundClaims()))],
  ['expired 299 s ago', bearer(lived(-900, -299))],
  ['expired exactly 300 s ago', bearer(lived(-900, -300))],
  ['nbf 300 s ahead', bearer(notBefore(300))],
  [
    'several audiences, ours among them',
    bearer(forge(hs256, soundClaims({ aud: ['a', 'UniversalDashboard'] }))),
  ],
];

for (const program of programs) {
  describe(program.name, () => {
    const guard = () => createGuard({ methods: [jwt({ signingKey })], clock: () => nowSeconds * 1000 });

    test('every refusal has its own header and an empty body', async (t) => {
      const url = await program.start(t, guard());
      for (const [name, headers, expected] of refused) {
        const { status, headers: received, body } = await call(url, { target: '/api/user/me', headers });
        assert.deepEqual(
          [status, received['www-authenticate'], received['content-length'], body],
          [401, [expected], ['0'], ''],
          name,
        );
      }
    });

    test('what is good passes, the first time and again from memory', async (t) => {
      const url = await program.start(t, guard());
      for (const [name, header] of accepted) {
        for (const round of [1, 2]) {
          const { status } = await call(url, { target: '/api/user/me', headers: [header] });
          assert.equal(status, 200, `${name}, ${round}`);
        }
      }
    });

    test('an unknown path without a token is 401, with one 404; other methods likewise', async (t) => {
      const url = await program.start(t, guard());
      for (const target of ['/nowhere', '/', '/api/user/me/', '//api/user/me', '/login', '/api/login']) {
        for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD']) {
          assert.equal((await call(url, { method, target })).status, 401, `${method} ${target}`);
        }
      }
      assert.equal((await call(url, { target: '/nowhere', headers: [bearer(good)] })).status, 404);
      // Fastify answers 400 to what is no path at all before any hook of its own; no route hears of it.
      const { status } = await call(url, { target: '/%zz' });
      assert.equal(status, program.name === 'fastify' ? 400 : 401);
    });

    test('handlers see name, roles and claims', async (t) => {
      const url = await program.start(t, guard());
      const token = grant({ roles: ['Operator', 'Auditor'], payload: { Account: 'Billing' } });
      const { body } = await call(url, { target: '/api/principal', headers: [bearer(token)] });
      const principal = JSON.parse(body);
      assert.equal(principal.userName, 'Adam');
      assert.deepEqual(principal.roles, ['Operator', 'Auditor']);
      assert.deepEqual(principal.claims.at(-1), { type: 'Account', value: 'Billing' });
    });

    test('tokens that jsonwebtoken and jose sign pass', async (t) => {
      const url = await program.start(t, guard());
      const sound = {
        unique_name: 'Eve',
        iss: 'poshud.com',
        aud: ['a', 'UniversalDashboard'],
        exp: nowSeconds + 60,
      };
      for (const token of [
        jsonwebtoken.sign(sound, createSecretKey(signingKey, 'utf8'), { keyid: 'theirs' }),
        await new SignJWT(sound).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(signingKey)),
      ]) {
        const { status, body } = await call(url, { target: '/api/user/me', headers: [bearer(token)] });
        assert.deepEqual([status, body], [200, '"Eve"']);
      }
    });

    test('the program’s own body parser is left alone', async (t) => {
      const url = await program.start(t, guard());
      const headers = [bearer(good), ['Content-Type', 'application/json']] as const;
      const body = '{"UserName":"Adam","Password":["x"]}';
      const received = await call(url, { method: 'POST', target: '/api/echo', headers, body });
      assert.deepEqual(JSON.parse(received.body), JSON.parse(body));
    });
  });
}
