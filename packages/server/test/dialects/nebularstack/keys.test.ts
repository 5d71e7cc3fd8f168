/** Tokens and the keys that sign them: nothing forged is accepted, and what is published verifies the rest. @module */
import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { importJwks, verifyToken } from '@tessera/token';
import { nebularstackKeys } from '../../../src/dialects/nebularstack/key-use.ts';
import { removeSigningKey, replaceSigningKey } from '../../../src/operations/replace-signing-key.ts';
import { adminPassword, type Fixture, startFixture } from '../ciphertrust/fixture.ts';

let fixture: Fixture;
before(async () => {
  fixture = await startFixture();
});
after(() => fixture.close());

const by = { origin: { requestId: 'test', address: 'local' }, actorId: null };

const login = async (): Promise<{ token: string; refresh_token: string }> => {
  const payload = JSON.stringify({ user_domain: 'root', username: 'admin', password: adminPassword });
  const answer = await fixture.call('POST', '/v2/token', { payload });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
};
const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
const jwks = async () => (await fixture.call('GET', '/.well-known/jwks.json')).json();

/** What each kind of route says to a token. */
const answersTo = async (token: string, refreshToken: string) => {
  const payload = JSON.stringify({ refresh_token: refreshToken });
  const headers = { 'x-auth-token': token };
  return [
    await fixture.call('PUT', '/v2/token', { headers, payload }),
    await fixture.call('POST', '/v1/mfa', { headers, payload: '{"password":"x"}' }),
  ];
};

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

test('a token verifies by what is published, and names the certificate it was signed with', async () => {
  const { token } = await login();
  const { kid, alg, 'x5t#S256': thumbprint, ...rest } = headerOf(token);
  assert.deepEqual([alg, rest], ['RS256', { typ: 'JWT' }]);
  const set = await jwks();
  const published = set.keys.find((key: { kid: string }) => key.kid === kid);
  const certificate = Buffer.from(published.x5c[0], 'base64');
  assert.equal(createHash('sha256').update(certificate).digest('base64url'), thumbprint);
  const keys = importJwks(set);
  assert.equal(verifyToken(token, keys, { nowSeconds: Date.now() / 1000, type: 'JWT' }).key.kid, kid);
});

test('nothing forged is accepted, even together with a good refresh token', async () => {
  const { token, refresh_token: refreshToken } = await login();
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = headerOf(token);
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const set = await jwks();
  const published = set.keys.find((key: { kid: string }) => key.kid === header.kid);
  const pem = createPublicKey({ key: published, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signed = (changes: object): string => {
    const text = `${encode({ ...header, ...changes })}.${body}`;
    return `${text}.${sign('sha256', Buffer.from(text), own.privateKey).toString('base64url')}`;
  };
  const withHmac = (secret: string | Buffer): string => {
    const text = `${encode({ ...header, alg: 'HS256' })}.${body}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const forged = {
    'another payload': `${head}.${encode({ ...claims, roles: ['Everything'] })}.${signature}`,
    'no algorithm': `${encode({ ...header, alg: 'none' })}.${body}.`,
    'no algorithm, in other letters': `${encode({ ...header, alg: 'nOnE' })}.${body}.${signature}`,
    'the public key as a secret, PEM': withHmac(pem),
    'the public key as a secret, modulus': withHmac(Buffer.from(published.n, 'base64url')),
    'an unknown key': signed({ kid: 'unknown' }),
    'no key': signed({ kid: undefined }),
    'another key under this name': signed({}),
    'a key of its own within': signed({ jwk: own.publicKey.export({ format: 'jwk' }) }),
    'a key at another address': signed({ jku: 'https://attacker.example/jwks.json' }),
    'a certificate of its own': signed({ x5c: published.x5c, x5u: 'https://attacker.example/' }),
    'no signature': `${head}.${body}.`,
  };
  for (const [name, text] of Object.entries(forged))
    for (const answer of await answersTo(text, refreshToken)) {
      const { request_id: _, ...words } = answer.json().error;
      assert.deepEqual(words, { title: 'Unauthorized', description: 'Invalid credentials or token' }, name);
      assert.deepEqual([answer.statusCode, answer.headers['x-expired-token']], [401, undefined], name);
    }
  const [renewed] = await answersTo(token, refreshToken);
  assert.equal(renewed?.statusCode, 200);
});

test('after a change to ES256 both kinds work, until the old key is removed', async () => {
  const { core } = fixture.server;
  const old = await login();
  await replaceSigningKey(core, by, nebularstackKeys, { alg: 'ES256', start: 'at-once' });
  const fresh = await login();
  const header = headerOf(fresh.token);
  assert.equal(header.alg, 'ES256');
  const published = (await jwks()).keys.find((key: { kid: string }) => key.kid === header.kid);
  assert.deepEqual([published.crv, published['x5t#S256']], ['P-256', header['x5t#S256']]);
  // One session, as both are of one user and type: the pair fits with either token.
  assert.equal((await answersTo(old.token, fresh.refresh_token))[0]?.statusCode, 200);
  await removeSigningKey(core, by, nebularstackKeys, headerOf(old.token).kid);
  for (const answer of await answersTo(old.token, fresh.refresh_token)) assert.equal(answer.statusCode, 401);
  assert.equal((await answersTo(fresh.token, fresh.refresh_token))[0]?.statusCode, 200);
});

test('a token of the other dialect is none of this one, and the other way round', async () => {
  const { token, refresh_token: refreshToken } = await login();
  for (const answer of await answersTo(fixture.jwt, refreshToken)) assert.equal(answer.statusCode, 401);
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await fixture.call('GET', '/api/v1/auth/self/user', { headers })).statusCode, 401);
});
