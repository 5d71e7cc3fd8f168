/** Attacks on the form and the cryptography of tokens; the numbers are those of the project's list of attacks, part A. @module */
import assert from 'node:assert/strict';
import { createHmac, sign } from 'node:crypto';
import { test } from 'node:test';
import {
  decodeToken,
  exportPublicJwk,
  exportPublicPem,
  generateSigningKey,
  importVerificationKey,
  type KeySet,
  keySet,
  maxTokenLength,
  signToken,
  verificationKeyOf,
  verifyToken,
} from '@tessera/token';
import { encode, hmacToken, signParts, signTexts } from './forge.ts';
import { assertKeyRefused, assertTokenRefused } from './refusal.ts';
import { signingKey } from './signing-keys.ts';

const key = signingKey('ES256');
const keys = keySet([verificationKeyOf(key)]);
const header = { alg: 'ES256', typ: 'JWT', kid: key.kid };
const claims = { sub: 'ada', exp: 2_000 };
const rules = { nowSeconds: 1_000 };
const good = signToken(key, claims);
const [goodHeader = '', goodPayload = '', goodSignature = ''] = good.split('.');

const verify = (token: string, from: KeySet = keys): unknown => verifyToken(token, from, rules);

test('the hand-made token of these tests is good, so that what is refused is refused for its flaw', () => {
  verify(good);
  verify(signTexts(key, header, claims));
});

test('1: no spelling of alg none is accepted, with or without a signature', () => {
  for (const alg of ['none', 'None', 'nOnE', 'NONE', ' none', 'none ', '']) {
    for (const signature of ['', goodSignature, 'AA']) {
      assertTokenRefused(
        () => verify(`${encode({ ...header, alg })}.${goodPayload}.${signature}`),
        'unknown_key',
      );
    }
  }
  for (const alg of [null, 0, true, ['ES256'], { alg: 'ES256' }]) {
    assertTokenRefused(() => verify(signTexts(key, { ...header, alg }, claims)), 'malformed');
  }
  assertTokenRefused(() => verify(signTexts(key, { typ: 'JWT', kid: key.kid }, claims)), 'malformed');
});

test('2: no text of a public key verifies as an HMAC secret', () => {
  for (const alg of ['ES256', 'RS256'] as const) {
    const victim = signingKey(alg);
    const pem = exportPublicPem(victim);
    const { keyObject } = verificationKeyOf(victim);
    const texts: (string | Buffer)[] = [
      ...[pem, ` ${pem}`, `\n${pem}`, `\ufeff${pem}`, `# key\n${pem}`, pem.trimEnd()],
      keyObject.export({ format: 'der', type: 'spki' }),
      JSON.stringify(exportPublicJwk(victim)),
      ` ${JSON.stringify(keyObject.export({ format: 'jwk' }))}\n`,
    ];
    for (const text of texts) {
      const forged = hmacToken(text, { alg: 'HS256', kid: victim.kid }, claims);
      assertTokenRefused(() => verify(forged, keySet([verificationKeyOf(victim)])), 'unknown_key');
      assertKeyRefused(
        () => importVerificationKey(Buffer.from(text), { alg: 'HS256' }),
        'weak_key',
        String(text),
      );
    }
    assertKeyRefused(() => importVerificationKey(pem, { alg: 'HS256' }), 'algorithm_mismatch');
  }
});

test('3: a key verifies under the one algorithm name it is bound to', () => {
  const siblings = [
    ['RS256', 'PS256'],
    ['PS256', 'RS256'],
    ['RS256', 'RS384'],
    ['ES256', 'ES256K'],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
    ['HS256', 'HS512'],
  ] as const;
  for (const [alg, name] of siblings) {
    const signer = signingKey(alg);
    const encoded = encode({ alg: name, kid: signer.kid });
    const token = `${encoded}.${goodPayload}.${signer.sign(`${encoded}.${goodPayload}`)}`;
    assertTokenRefused(
      () => verify(token, keySet([verificationKeyOf(signer)])),
      'unknown_key',
      `${alg} as ${name}`,
    );
  }
});

test('3: a key set that hands out a key of another algorithm is not obeyed', () => {
  const careless: KeySet = { find: () => verificationKeyOf(signingKey('RS256')) };
  assertTokenRefused(() => verify(good, careless), 'unknown_key');
});

test('4: degenerate, truncated, extended and DER-coded signatures are refused', () => {
  const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
  const zero = '00'.repeat(32);
  const one = `${'00'.repeat(31)}01`;
  const raw = Buffer.from(goodSignature, 'base64url');
  const der = sign('sha256', Buffer.from(`${goodHeader}.${goodPayload}`), key.keyObject);
  const forged = [
    ...[zero, one, order].flatMap((r) => [zero, one, order].map((s) => Buffer.from(r + s, 'hex'))),
    der,
    raw.subarray(0, 63),
    raw.subarray(1),
    Buffer.concat([raw, Buffer.from([0])]),
    Buffer.concat([Buffer.from([0]), raw]),
    Buffer.alloc(0),
  ];
  for (const signature of forged) {
    assertTokenRefused(
      () => verify(`${goodHeader}.${goodPayload}.${signature.toString('base64url')}`),
      'bad_signature',
    );
  }
});

for (const alg of ['HS256', 'ES256', 'RS256', 'PS256', 'EdDSA'] as const) {
  test(`4: a flipped bit at any position of an ${alg} signature is seen`, () => {
    const signer = signingKey(alg);
    const set = keySet([verificationKeyOf(signer)]);
    const token = signToken(signer, claims);
    const input = token.slice(0, token.lastIndexOf('.'));
    const signature = Buffer.from(token.slice(input.length + 1), 'base64url');
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const flipped = Buffer.from(signature);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assertTokenRefused(
        () => verify(`${input}.${flipped.toString('base64url')}`, set),
        'bad_signature',
        `bit ${bit}`,
      );
    }
  });
}

test('4: a changed character at any position of a token is seen', () => {
  for (let at = 0; at < good.length; at++) {
    for (const char of ['A', 'B', '.', '=', '\u0141', '\n']) {
      if (good[at] === char) continue;
      assert.throws(
        () => verify(good.slice(0, at) + char + good.slice(at + 1)),
        { name: 'TokenError' },
        `${at} ${char}`,
      );
    }
  }
});

test('5: an Ed25519 signature with S beyond the group order is refused, as are keys of small order', () => {
  const signer = signingKey('EdDSA');
  const token = signToken(signer, claims);
  const input = token.slice(0, token.lastIndexOf('.'));
  const signature = Buffer.from(token.slice(input.length + 1), 'base64url');
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  const highS = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  const forged = `${input}.${Buffer.concat([signature.subarray(0, 32), highS]).toString('base64url')}`;
  assertTokenRefused(() => verify(forged, keySet([verificationKeyOf(signer)])), 'bad_signature');

  for (const y of ['00', '01']) {
    for (const sign of ['00', '80']) {
      const x = Buffer.from(`${y}${'00'.repeat(30)}${sign}`, 'hex').toString('base64url');
      const jwk = { kty: 'OKP', crv: 'Ed25519', x };
      assertKeyRefused(() => importVerificationKey(jwk, { alg: 'EdDSA' }), 'weak_key');
    }
  }
});

test('6: base64url has one spelling in every part', () => {
  const part = (text: string): string[] => [
    `${text}=`,
    `${text}==`,
    ` ${text}`,
    `${text}\n`,
    `${text.slice(0, 4)} ${text.slice(4)}`,
    `${text.slice(0, 4)}?${text.slice(4)}`,
    `${text.slice(0, 4)}+${text.slice(5)}`,
    `${text.slice(0, 4)}/${text.slice(5)}`,
    `${text.slice(0, 4)}\u0000${text.slice(4)}`,
    `${text.slice(0, 4)}\ud83d\ude00${text.slice(4)}`,
  ];
  for (const bad of part(goodHeader))
    assertTokenRefused(() => verify(signParts(key, bad, goodPayload)), 'malformed', bad);
  for (const bad of part(goodPayload)) {
    assertTokenRefused(() => verify(signParts(key, goodHeader, bad)), 'malformed', bad);
  }
  for (const bad of part(goodSignature)) {
    assertTokenRefused(() => verify(`${goodHeader}.${goodPayload}.${bad}`), 'bad_signature', bad);
  }
});

test('6: unused low bits are zero in every part', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const next = (text: string): string =>
    text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1];
  // 64 bytes leave four bits unused, so the next letter has the same bytes.
  assert.deepEqual(Buffer.from(next(goodSignature), 'base64url'), Buffer.from(goodSignature, 'base64url'));
  assertTokenRefused(() => verify(`${goodHeader}.${goodPayload}.${next(goodSignature)}`), 'bad_signature');

  for (const json of ['{"exp":2000}', '{"exp":2000} ', '{"exp":2000}  ']) {
    const encoded = encode(json);
    if (encoded.length % 4 === 0) continue;
    assert.equal(Buffer.from(next(encoded), 'base64url').toString(), json);
    assertTokenRefused(() => verify(signParts(key, goodHeader, next(encoded))), 'malformed');
  }
});

test('7: a member named twice is refused, in header and claims, at any depth and however it is spelt', () => {
  const { kid } = key;
  for (const twice of [
    `{"alg":"ES256","alg":"ES256","kid":"${kid}"}`,
    `{"alg":"none","kid":"${kid}","alg":"ES256"}`,
    `{"alg":"ES256","kid":"${kid}","kid":"${kid}"}`,
    `{"alg":"ES256","kid":"${kid}","\\u0061lg":"ES256"}`,
    `{"alg":"ES256","kid":"${kid}","x":{"a":1,"a":1}}`,
  ]) {
    assertTokenRefused(() => verify(signTexts(key, twice, claims)), 'malformed', twice);
  }
  for (const twice of [
    '{"exp":2000,"exp":3000}',
    '{"exp":2000,"sub":"a","sub":"b"}',
    '{"exp":2000,"a":{"b":[{"c":1,"d":2,"c":1}]}}',
    '{"exp":2000,"a":1,"\\u0061":1}',
    '{"exp":2000,"a":":","a":"\\u003a:\\":"}',
    '{"exp":2000,"\\"":1,"\\u0022":1}',
    '{"exp":2000,"":1,"":1}',
  ]) {
    assertTokenRefused(() => verify(signTexts(key, header, twice)), 'malformed', twice);
  }
  verify(signTexts(key, header, '{"exp":2000,"a":{"a":{"a":"\\":\\\\"}},"b":":{}[],","c":["a","a"]}'));
});

test('7: a member named __proto__ is refused; constructor is a name like others', () => {
  assertTokenRefused(
    () => verify(signTexts(key, header, '{"exp":2000,"__proto__":{"admin":true}}')),
    'malformed',
  );
  assertTokenRefused(
    () => verify(signTexts(key, header, '{"exp":2000,"a":[{"\\u005f_proto__":1}]}')),
    'malformed',
  );
  const { claims: read } = verifyToken(signTexts(key, header, '{"exp":2000,"constructor":1}'), keys, rules);
  assert.equal(read.constructor, 1);
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
});

test('7: what is not strict JSON in UTF-8 is refused', () => {
  const deep = (depth: number): string => `{"exp":2000,"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const texts: (string | Buffer)[] = [
    deep(32),
    `{"exp":2000,"a":${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}}`,
    '{"exp":2000,"a":"\\ud800"}',
    '{"exp":2000,"\\udc00":1}',
    '\ufeff{"exp":2000}',
    '{"exp":2000}x',
    '{"exp":2000,}',
    "{'exp':2000}",
    '{"exp":2000,"a":NaN}',
    '{"exp":2000,"a":"\u0001"}',
    '{"exp":2000,"a":"',
    '{"exp":2000',
    '[{"exp":2000}]',
    '"exp"',
    'null',
    '2000',
    '',
    Buffer.from([...Buffer.from('{"exp":2000,"a":"'), 0xc3, 0x28, ...Buffer.from('"}')]),
    Buffer.from([...Buffer.from('{"exp":2000,"a":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')]),
    Buffer.from([...Buffer.from('{"exp":2000,"a":"'), 0xc0, 0xaf, ...Buffer.from('"}')]),
    Buffer.from('{"exp":2000}', 'utf16le'),
  ];
  for (const text of texts) {
    assertTokenRefused(
      () => verify(signParts(key, goodHeader, encode(text))),
      'malformed',
      String(text).slice(0, 40),
    );
    assertTokenRefused(
      () => verify(signParts(key, encode(text), goodPayload)),
      'malformed',
      String(text).slice(0, 40),
    );
  }
  verify(signTexts(key, header, deep(31)));
  verify(signTexts(key, header, '{"exp":2000,"a":"\\ud83d\\ude00 \ufffd"}'));
});

test('8: only three segments make a token', () => {
  const [h, p, s] = [goodHeader, goodPayload, goodSignature];
  const texts = [
    '',
    '.',
    '..',
    '...',
    h,
    `${h}.${p}`,
    `${good}.`,
    `.${good}`,
    `${good}.${s}`,
    `${good}.${p}.${s}`,
    `.${p}.${s}`,
  ];
  const json = JSON.stringify({ protected: h, payload: p, signature: s });
  for (const text of [...texts, json, ` ${good}`]) {
    assertTokenRefused(() => verify(text), 'malformed', text.slice(0, 20));
  }
  assert.throws(() => verify(`${h}..${s}`), { name: 'TokenError', reason: 'bad_signature' });
  assert.throws(() => verify(`${h}.${p}.`), { name: 'TokenError', reason: 'bad_signature' });
});

test('8: a detached payload is not looked for, and an empty one is no claims', () => {
  assertTokenRefused(() => verify(signParts(key, goodHeader, '')), 'malformed');
});

test('9: crit, b64, zip and enc are refused, whatever they say', () => {
  for (const extra of [
    { crit: ['exp'] },
    { crit: ['b64'], b64: false },
    { crit: [] },
    { crit: 'exp' },
    { crit: null },
    { b64: false },
    { b64: true },
    { zip: 'DEF' },
    { enc: 'A256GCM' },
  ]) {
    assertTokenRefused(() => verify(signTexts(key, { ...header, ...extra }, claims)), 'unsupported');
  }
});

test('10, 11: keys in or behind the header are never used, and no request leaves', () => {
  const attacker = generateSigningKey('ES256');
  const jwk = exportPublicJwk(attacker);
  for (const extra of [
    { jwk },
    { x5c: ['MIIB'] },
    { jku: 'http://127.0.0.1:9/jwks' },
    { jku: 'http://169.254.169.254/' },
    { x5u: 'http://localhost:9/x' },
    { jwk, jku: 'file:///etc/passwd' },
  ]) {
    const own = { alg: 'ES256', kid: attacker.kid, ...extra };
    assertTokenRefused(() => verify(signTexts(attacker, own, claims)), 'unknown_key');
    assertTokenRefused(() => verify(signTexts(attacker, { ...own, kid: key.kid }, claims)), 'bad_signature');
    assertTokenRefused(
      () => verify(signTexts(attacker, { alg: 'ES256', ...extra }, claims)),
      'bad_signature',
    );
  }
});

test('12: a kid is only ever compared', () => {
  const kids = [
    '../../dev/null',
    "' OR 1=1 --",
    'a\u0000',
    '__proto__',
    'constructor',
    'toString',
    '',
    'x'.repeat(256),
  ];
  for (const kid of kids) {
    assertTokenRefused(() => verify(signTexts(key, { ...header, kid }, claims)), 'unknown_key', kid);
    assertTokenRefused(() => verify(hmacToken('', { alg: 'HS256', kid }, claims)), 'unknown_key', kid);
  }
  for (const kid of [{}, { name: 1 }, [key.kid], 1, null, true, 'x'.repeat(257)]) {
    assertTokenRefused(() => verify(signTexts(key, { ...header, kid }, claims)), 'malformed');
  }
  assertTokenRefused(
    () => verify(signTexts(key, { ...header, kid: 'x'.repeat(1_000_000) }, claims)),
    'too_large',
  );
});

test('12: a token without kid is verified only if its algorithm leaves no choice', () => {
  const token = signTexts(key, { alg: 'ES256' }, claims);
  verify(token);
  verify(token, keySet([verificationKeyOf(key), verificationKeyOf(signingKey('ES384'))]));
  const two = keySet([verificationKeyOf(key), verificationKeyOf(generateSigningKey('ES256'))]);
  assertTokenRefused(() => verify(token, two), 'unknown_key');
});

test('13: the type of a token is checked when the verifier names one', () => {
  const typed = (typ: unknown): string => signTexts(key, { ...header, typ }, claims);
  const at = { ...rules, type: 'at+jwt' };
  for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/at+JWT'])
    verifyToken(typed(typ), keys, at);
  for (const typ of ['JWT', 'at+jwt ', 'text/at+jwt', '', 'logout+jwt', undefined]) {
    assertTokenRefused(() => verifyToken(typed(typ), keys, at), 'wrong_type', String(typ));
  }
  for (const typ of [1, null, ['at+jwt']])
    assertTokenRefused(() => verifyToken(typed(typ), keys, at), 'malformed');
  verifyToken(typed('JWT'), keys, { ...rules, type: ['at+jwt', 'JWT'] });
});

test('15: a token longer than the limit is refused before it is looked at, one at the limit is not', () => {
  for (const length of [maxTokenLength + 1, 65_536, 1_000_000]) {
    assertTokenRefused(() => verify('.'.repeat(length)), 'too_large');
    assertTokenRefused(() => verify(`${good}${'A'.repeat(length - good.length)}`), 'too_large');
  }
  assertTokenRefused(() => verify('.'.repeat(10_000)), 'malformed');
  assertTokenRefused(() => verify(`${good}${'A'.repeat(maxTokenLength - good.length)}`), 'bad_signature');
  assertTokenRefused(
    () => verify(signTexts(key, { ...header, alg: 'PBES2-HS256+A128KW', p2c: 2 ** 31 }, claims)),
    'unknown_key',
  );
  assert.throws(() => signToken(key, { a: 'x'.repeat(maxTokenLength) }), TypeError);
});

test('a key set of HMAC keys does not verify with another length of hash, nor a truncated MAC', () => {
  const secret = signingKey('HS256');
  const set = keySet([verificationKeyOf(secret)]);
  const input = `${encode({ alg: 'HS256', kid: secret.kid })}.${goodPayload}`;
  const mac = createHmac('sha256', secret.keyObject).update(input).digest();
  verify(`${input}.${mac.toString('base64url')}`, set);
  for (const length of [0, 1, 16, 31]) {
    assertTokenRefused(
      () => verify(`${input}.${mac.subarray(0, length).toString('base64url')}`, set),
      'bad_signature',
    );
  }
});

test('what is decoded without verification has the form of a token all the same', () => {
  assert.deepEqual(decodeToken(good).claims, claims);
  assertTokenRefused(() => decodeToken(`${goodHeader}.${goodPayload}.?`), 'malformed');
  assertTokenRefused(() => decodeToken(`${goodHeader}.${goodPayload}`), 'malformed');
  assertTokenRefused(() => decodeToken(`${goodHeader}.${encode('[]')}.`), 'malformed');
  assertTokenRefused(() => decodeToken(`${goodHeader}.${encode({ exp: 'x' })}.`), 'invalid_claims');
});
