/** The list of attacks, each against every adapter. @module */
import assert from 'node:assert/strict';
import { createHmac, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createGuard, type Guard, jwt } from '@tessera/guard';
import { exportPublicJwk, exportPublicPem, generateSigningKey, signToken } from '@tessera/token';
import { call, exchange, type Received } from './call.ts';
import { programs } from './programs.ts';
import { bearer, encode, forge, grant, hs256, signingKey, soundClaims } from './tokens.ts';

const ec = generateSigningKey('ES256', { kid: 'ec' });
const rsa = generateSigningKey('RS256', { kid: 'rsa', rsaBits: 2048 });
const ed = generateSigningKey('EdDSA', { kid: 'ed' });
const attacker = generateSigningKey('ES256', { kid: 'ec' });

/** A server of the attacker's, and the issuer's keys; every request to either is counted. */
const requests = { attacker: 0, keys: 0 };
const attackerServer = createServer((_, response) => {
  requests.attacker++;
  response.end(JSON.stringify({ keys: [exportPublicJwk(attacker)] }));
});
const keyServer = createServer((_, response) => {
  requests.keys++;
  response.end(JSON.stringify({ keys: [ec, rsa, ed].map(exportPublicJwk) }));
});
const portOf = (server: typeof keyServer): number => (server.address() as AddressInfo).port;

before(async () => {
  for (const server of [attackerServer, keyServer]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
});
after(() => {
  for (const server of [attackerServer, keyServer]) server.close();
});

const issuer = 'https://id.example';
const claims = (changes: object = {}): object => soundClaims({ iss: issuer, unique_name: 'Eve', ...changes });
/** Both kinds of keys at once, so that no attack can hide behind a guard that has none of its kind. */
const guardOfBoth = (): Guard =>
  createGuard({
    methods: [
      jwt({ signingKey, issuer: ['poshud.com', issuer] }),
      jwt({
        jwksUrl: `http://127.0.0.1:${portOf(keyServer)}/jwks`,
        issuer,
        audience: 'UniversalDashboard',
      }),
    ],
  });

const part = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);
const signedBy = (
  key: KeyObject,
  header: object,
  payload: object | string,
  hash: string | null = 'sha256',
): string => {
  const input = `${encode(header)}.${encode(payload)}`;
  const signature = sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
};
const good = (): string => signToken(ec, claims());
const withSignature = (token: string, signature: Buffer | string): string =>
  `${token.slice(0, token.lastIndexOf('.'))}.${typeof signature === 'string' ? signature : signature.toString('base64url')}`;
const signatureOf = (token: string): Buffer =>
  Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url');

const hmacWith = (secret: string | Uint8Array, header: object): string => {
  const input = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims())}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};

function confusions(): [string, string][] {
  const publicKeys = [rsa, ec, ed].map(
    (key) => [key.kid, exportPublicPem(key), exportPublicJwk(key)] as const,
  );
  return publicKeys.flatMap(([kid, pem, jwk]): [string, string][] => {
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\n/g, ''), 'base64');
    const secrets = [pem, pem.trim(), ` ${pem}`, `\n${pem}`, `\ufeff${pem}`, der, JSON.stringify(jwk)];
    return secrets.map((secret, index) => [
      `the public key ${kid} as secret, ${index}`,
      hmacWith(secret, { kid }),
    ]);
  });
}

function tokensOfAttackers(): [name: string, token: string][] {
  const hosts = [
    `http://127.0.0.1:${portOf(attackerServer)}/jwks`,
    'http://169.254.169.254/',
    'file:///etc/passwd',
  ];
  const byAttacker = (header: object): string =>
    signedBy(attacker.keyObject, { alg: 'ES256', ...header }, claims());
  const bySecret = (header: object | string, payload: object | string): string => forge(header, payload);
  const deep = `${'{"a":'.repeat(1500)}1${'}'.repeat(1500)}`;
  const none = ['none', 'None', 'nOnE', ' none', ''].flatMap((alg): [string, string][] => [
    [`alg ${JSON.stringify(alg)} without a signature`, `${encode({ alg, typ: 'JWT' })}.${encode(claims())}.`],
    [
      `alg ${JSON.stringify(alg)} with a signature`,
      `${encode({ alg })}.${encode(claims())}.${good().split('.')[2]}`,
    ],
  ]);
  return [
    ...none,
    ...confusions(),
    ['RS384 by the key for RS256', signedBy(rsa.keyObject, { alg: 'RS384', kid: 'rsa' }, claims(), 'sha384')],
    ['PS256 by the key for RS256', signedBy(rsa.keyObject, { alg: 'PS256', kid: 'rsa' }, claims())],
    ['ES384 by the key for ES256', signedBy(ec.keyObject, { alg: 'ES384', kid: 'ec' }, claims(), 'sha384')],
    ['ES256K by the key for ES256', signedBy(ec.keyObject, { alg: 'ES256K', kid: 'ec' }, claims())],
    ['Ed25519 by the key for EdDSA', signedBy(ed.keyObject, { alg: 'Ed25519', kid: 'ed' }, claims(), null)],
    ['HS384 by the shared key', forge({ alg: 'HS384' }, claims(), signingKey, 'sha384')],
    ['an embedded jwk', byAttacker({ jwk: exportPublicJwk(attacker), kid: 'ec' })],
    ['an embedded jwk without kid', byAttacker({ jwk: exportPublicJwk(attacker) })],
    ['an embedded x5c', byAttacker({ x5c: [Buffer.from('a certificate').toString('base64')], kid: 'ec' })],
    ...hosts.flatMap((host): [string, string][] => [
      [`jku ${host}`, byAttacker({ jku: host, kid: 'new' })],
      [`x5u ${host}`, byAttacker({ x5u: host, kid: 'ec' })],
      [`kid ${host}`, byAttacker({ kid: host })],
    ]),
    ['the attacker’s key under our name', byAttacker({ kid: 'ec' })],
    ...['../../../../dev/null', "' OR '1'='1", 'ec\u0000', '__proto__', 'constructor', 'toString', ''].map(
      (kid): [string, string] => [`kid ${JSON.stringify(kid)} with an empty secret`, hmacWith('', { kid })],
    ),
    ['kid as an object', byAttacker({ kid: { $ne: null } })],
    ['kid of 300 characters', byAttacker({ kid: part('k', 300) })],
    ['alg twice', bySecret('{"alg":"none","alg":"HS256","typ":"JWT"}', claims())],
    ['exp twice', bySecret(hs256, JSON.stringify(claims()).replace('{', '{"exp":9999999999,'))],
    [
      'a member twice by an escape',
      bySecret(hs256, JSON.stringify(claims()).replace('{', '{"\\u0069ss":"x",')),
    ],
    [
      'a claim __proto__',
      bySecret(hs256, JSON.stringify(claims()).replace('{', '{"__proto__":{"role":"root"},')),
    ],
    ['half a surrogate', bySecret(hs256, JSON.stringify(claims()).replace('{', '{"x":"\\ud800",'))],
    [
      'bytes that are no UTF-8',
      `${encode(hs256)}.${Buffer.from('{"sub":"\xff"}', 'latin1').toString('base64url')}.AA`,
    ],
    ['a byte order mark', bySecret(hs256, `\ufeff${JSON.stringify(claims())}`)],
    ['1500 levels', bySecret(hs256, deep)],
    ['10,000 members', bySecret(hs256, `{${part('"a":1,', 10_000)}"b":1}`)],
    ['a number of 9,000 digits', bySecret(hs256, `{"exp":${part('9', 9_000)}}`)],
    ['p2c of 2^31', hmacWith(signingKey, { alg: 'PBES2-HS256+A128KW', p2c: 2 ** 31, p2s: 'AA' })],
    ['zip', bySecret({ ...hs256, zip: 'DEF' }, claims())],
    ['crit that is no list', bySecret({ ...hs256, crit: 'exp' }, claims())],
    ['an empty crit', bySecret({ ...hs256, crit: [] }, claims())],
    ['b64 false', bySecret({ ...hs256, b64: false, crit: ['b64'] }, claims())],
    ...['at+jwt', 'JWE', 'dpop+jwt', 'secevent+jwt', 'refresh', 'application/at+jwt', 'JWT ', 'JWТ'].map(
      (typ): [string, string] => [`typ ${typ}`, bySecret({ alg: 'HS256', typ }, claims())],
    ),
    ['typ that is no text', bySecret({ alg: 'HS256', typ: ['JWT'] }, claims())],
    ['an ID token, for a client', signToken(ec, claims({ aud: 'the-client', nonce: 'n' }))],
    ['a token of another issuer by our key', signToken(ec, claims({ iss: `${issuer}/` }))],
    ['our issuer in a list', bySecret(hs256, claims({ iss: [issuer] }))],
    ['our audience in an object', bySecret(hs256, claims({ aud: { 0: 'UniversalDashboard' } }))],
    ['a text of 64 characters, as refresh tokens are', part('a1B2', 64)],
    ['an empty object for claims', bySecret(hs256, {})],
    ['a signature of zeros', withSignature(good(), Buffer.alloc(64))],
    ['a signature in DER', withSignature(good(), sign('sha256', Buffer.from(good()), ec.keyObject))],
    ['a truncated signature', withSignature(good(), signatureOf(good()).subarray(0, 63))],
    [
      'one bit of the signature',
      withSignature(good(), signatureOf(good()).fill(signatureOf(good()).readUInt8(0) ^ 1, 0, 1)),
    ],
    ['padding', `${good()}=`],
    ['letters of base64', good().replace(/[-_]/g, '+').concat('+')],
    ['five parts', `${good()}.a.b`],
    ['three thousand parts', part('a.', 6_000)],
    ['a detached payload', good().replace(/\.[^.]+\./, '..')],
    ['a JSON serialization', encode(JSON.stringify({ payload: encode(claims()), signatures: [] }))],
    ['our own token, a letter in capitals', good().replace('e', 'E')],
  ];
}

const smuggled: readonly [name: string, lines: (token: string) => readonly string[]][] = [
  ['a space before the colon', (token) => [`Authorization : Bearer ${token}`]],
  ['a folded line', (token) => ['Authorization:', ` Bearer ${token}`]],
  ['a folded token', (token) => [`X-First: a\r\n\tAuthorization: Bearer ${token}`]],
  ['a lone line feed', (token) => [`X-First: a\nAuthorization: Bearer ${token}`]],
  ['a lone carriage return', (token) => [`X-First: a\rAuthorization: Bearer ${token}`]],
  ['a zero byte', (token) => [`Authorization: Bearer ${token}\0`]],
  [
    'twice, in other letters',
    (token) => [`authorization: Bearer ${token}`, `AUTHORIZATION: Bearer ${token}`],
  ],
  ['twice, the first bad', (token) => ['Authorization: Bearer bad', `Authorization: Bearer ${token}`]],
  ['twice, the second bad', (token) => [`Authorization: Bearer ${token}`, 'Authorization: Bearer bad']],
  ['beside an empty one', (token) => ['Authorization:', `Authorization: Bearer ${token}`]],
  ['two in one', (token) => [`Authorization: Bearer ${token}, Bearer ${token}`]],
  ['behind another scheme', (token) => [`Authorization: Basic QTpi, Bearer ${token}`]],
  ['a tab for a space', (token) => [`Authorization: Bearer\t${token}`]],
  ['an equals sign for a space', (token) => [`Authorization: Bearer=${token}`]],
  ['a scheme that begins alike', (token) => [`Authorization: BearerX ${token}`]],
  ['something behind', (token) => [`Authorization: Bearer ${token} x`]],
  ['a comma behind', (token) => [`Authorization: Bearer ${token},`]],
  ['quotes', (token) => [`Authorization: Bearer "${token}"`]],
  ['no scheme', (token) => [`Authorization: ${token}`]],
  ['another header', (token) => [`X-Authorization: Bearer ${token}`, `Proxy-Authorization: Bearer ${token}`]],
  ['an underscore', (token) => [`Authorization_: Bearer ${token}`, `HTTP_AUTHORIZATION: Bearer ${token}`]],
  ['a cookie', (token) => [`Cookie: access_token=${token}; Authorization=Bearer ${token}`]],
  ['X-Auth-Token', (token) => [`X-Auth-Token: ${token}`]],
  [
    'a trailer',
    (token) => [
      'Transfer-Encoding: chunked',
      'Trailer: Authorization',
      '',
      '0',
      `Authorization: Bearer ${token}`,
    ],
  ],
  [
    'a length and chunks',
    (token) => ['Content-Length: 4', 'Transfer-Encoding: chunked', `Authorization: Bearer ${token}`],
  ],
  ['64 KiB', () => [`Authorization: Bearer ${part('a', 65_536)}`]],
];

for (const program of programs) {
  describe(program.name, () => {
    test('no forged, confused or malformed token passes, and each is refused like a bearer', async (t) => {
      const url = await program.start(t, guardOfBoth());
      const asking = (token: string) => call(url, { target: '/api/user/me', headers: [bearer(token)] });
      // The guard does take what is sound, so refusing means something.
      for (const token of [
        grant({ identity: 'Eve' }),
        ...[ec, rsa, ed].map((key) => signToken(key, claims())),
      ]) {
        assert.deepEqual((({ status, body }) => [status, body])(await asking(token)), [200, '"Eve"']);
      }
      for (const [name, token] of tokensOfAttackers()) {
        const { status, headers, body } = await asking(token);
        assert.deepEqual([name, status, body], [name, 401, '']);
        assert.match(headers['www-authenticate']?.[0] ?? '', /^Bearer error="invalid_token"/, name);
      }
      assert.equal((await asking(good())).status, 200);
    });

    test('no request of its own was caused by a token but for the keys, once', () => {
      assert.equal(requests.attacker, 0);
      assert.ok(requests.keys >= 1 && requests.keys <= programs.length + 1, `${requests.keys} requests`);
    });

    test('no token passes that is sent in another way than as the one bearer', async (t) => {
      const url = await program.start(t, guardOfBoth());
      for (const [name, lines] of smuggled) {
        const status = await statusOf(url, lines(grant()));
        assert.ok([400, 401, 431].includes(status), `${name}: ${status}`);
      }
      assert.equal(await statusOf(url, [`aUTHORIZATION:bEARER  ${grant()}  `]), 200);
      for (const target of [`/api/user/me?access_token=${grant()}`, `/api/user/me#Bearer%20${grant()}`]) {
        const { status }: Received = await call(url, { target });
        assert.ok(status === 401 || status === 400, target);
      }
    });
  });
}

async function statusOf(url: string, lines: readonly string[]): Promise<number> {
  const request = ['POST /api/user/me HTTP/1.1', 'Host: localhost', 'Connection: close', ...lines, '', ''];
  const method = lines.some((line) => line.startsWith('Transfer-Encoding')) ? 'POST' : 'GET';
  const bytes = Buffer.from(request.join('\r\n').replace('POST', method), 'latin1');
  return Number((await exchange(url, bytes)).toString('latin1').split(' ')[1]);
}
