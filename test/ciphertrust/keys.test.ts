/** Signing keys: rotation, and tokens that were signed by nobody. Spec ciphertrust §5; acceptance 18. @module */
import assert from 'node:assert/strict';
import {
  createHmac,
  createPublicKey,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import { secret } from '../harness/run-folder.ts';
import { decodeJwt, errorOf, minute, noApiToken, ok, onEachEngine, timeForm } from './dialect.ts';

interface KeyItem {
  readonly id: string;
  readonly type: string;
  readonly alg: string;
  readonly curve?: string | null;
  readonly pem?: string | null;
  readonly jwk?: Record<string, string> | null;
  readonly current: boolean;
  readonly createdAt: string;
}

onEachEngine((dialect) => {
  const rotate = async (body: object = {}, jwt?: string): Promise<Answer> =>
    dialect.api.post('/api/v1/auth/rotate-auth-key', body, { jwt: jwt ?? (await dialect.jwt()) });
  const listKeys = async (): Promise<Answer> =>
    ok(await dialect.api.get('/api/v1/auth/auth-key', { jwt: await dialect.jwt() }));
  const currentKey = async (): Promise<KeyItem> =>
    (await listKeys()).body.resources.find((item: KeyItem) => item.current);

  test('the first key is ES256, and its public half verifies the JWTs', async () => {
    const jwt = await dialect.jwt();
    const { body } = await listKeys();
    assert.deepEqual([body.skip, body.total], [0, body.resources.length]);
    const key = body.resources.find((item: KeyItem) => item.id === decodeJwt(jwt).header.kid) as KeyItem;
    assert.deepEqual([key.type, key.alg, key.curve, key.current], ['ecdsa', 'ES256', 'p256', true]);
    assert.match(key.createdAt, timeForm);
    assert.equal(key.jwk?.kty, 'EC');
    assert.equal(key.jwk?.d, undefined);
    const fromPem = createPublicKey(key.pem ?? '');
    const fromJwk = createPublicKey({ key: key.jwk ?? {}, format: 'jwk' });
    assert.ok(fromPem.equals(fromJwk));
    assert.ok(verifies(jwt, fromPem));
  });

  const kinds: readonly [body: object, type: string, alg: string, curve: string | null][] = [
    [{ type: 'ecdsa', curve: 'p256' }, 'ecdsa', 'ES256', 'p256'],
    [{ type: 'ecdsa' }, 'ecdsa', 'ES256', 'p256'],
    [{ type: 'ecdsa', curve: 'p384' }, 'ecdsa', 'ES384', 'p384'],
    [{ type: 'ecdsa', curve: 'p521' }, 'ecdsa', 'ES512', 'p521'],
    [{ type: 'rsa' }, 'rsa', 'RS256', null],
    [{ type: 'hmac', curve: 'none' }, 'hmac', 'HS256', null],
    [{}, 'hmac', 'HS256', null],
    [{ type: 'ecdsa', curve: 'p256' }, 'ecdsa', 'ES256', 'p256'],
  ];
  for (const [body, type, alg, curve] of kinds) {
    test(`rotating to ${JSON.stringify(body)} signs with ${alg} at once, and older tokens go on verifying`, async () => {
      const older = await dialect.grant();
      const { body: item } = ok(await rotate(body));
      assert.deepEqual([item.type, item.alg, item.curve ?? null, item.current], [type, alg, curve, true]);
      const jwt = await dialect.jwt();
      assert.deepEqual(decodeJwt(jwt).header, { alg, typ: 'JWT', kid: item.id });
      assert.equal(await dialect.statusWith(jwt), 200);
      assert.equal(await dialect.statusWith(older.jwt), 200);
      assert.equal(decodeJwt(ok(await dialect.refresh(older.refreshToken)).body.jwt).header.kid, item.id);
      const { resources } = (await listKeys()).body;
      assert.deepEqual(
        resources.filter((key: KeyItem) => key.current).map((key: KeyItem) => key.id),
        [item.id],
      );
      if (item.pem) assert.ok(verifies(jwt, createPublicKey(item.pem)));
    });
  }

  test('no secret half of any key is ever shown', async () => {
    ok(await rotate({ type: 'hmac' }));
    const { text, body } = await listKeys();
    assert.doesNotMatch(text, /PRIVATE KEY|"d"\s*:|"k"\s*:|"oct"/);
    const hmac = body.resources.filter((key: KeyItem) => key.type === 'hmac') as KeyItem[];
    assert.ok(hmac.length > 0);
    for (const { pem, jwk } of hmac) assert.deepEqual([pem ?? null, jwk ?? null], [null, null]);
    ok(await rotate({ type: 'ecdsa' }));
  });

  test('an older key goes when the last token it signed has expired', async () => {
    const { id } = await currentKey();
    ok(await rotate());
    dialect.server.advance(6 * minute);
    const { resources } = (await listKeys()).body;
    assert.ok(!resources.some((key: KeyItem) => key.id === id));
  });

  test('only group admin rotates; unknown types and curves are refused with the field named', async () => {
    const user = await dialect.createUser();
    assert.equal(errorOf(await rotate({}, await dialect.jwt(user))).status, 403);
    const { id } = await currentKey();
    for (const [body, field] of [
      [{ type: 'none' }, /type/],
      [{ type: 'ecdsa', curve: 'secp256k1' }, /curve/],
    ] as const) {
      const error = errorOf(await rotate(body));
      assert.deepEqual([error.status, error.code], [400, 9]);
      assert.match(error.message, field);
    }
    assert.equal((await currentKey()).id, id);
  });

  describe('a forged token is refused:', () => {
    let genuine: string;
    let key: KeyItem;
    const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    before(async () => {
      genuine = await dialect.jwt();
      key = await currentKey();
      assert.equal(await dialect.statusWith(genuine), 200);
    });

    const withHeader = (more: object): string => encode({ ...decodeJwt(genuine).header, ...more });
    const payload = (): string => genuine.split('.')[1] ?? '';
    const signature = (): string => genuine.split('.')[2] ?? '';
    const hmacBy = (input: string, text: string): string =>
      createHmac('sha256', text).update(input).digest('base64url');
    const ecBy = (input: string, by: KeyObject): string =>
      sign('sha256', Buffer.from(input), { key: by, dsaEncoding: 'ieee-p1363' }).toString('base64url');

    const forgeries: readonly [name: string, forge: () => string][] = [
      ['alg none without signature', () => `${withHeader({ alg: 'none' })}.${payload()}.`],
      ['alg nOnE with the signature', () => `${withHeader({ alg: 'nOnE' })}.${payload()}.${signature()}`],
      [
        'the public key in PEM as the secret of HS256',
        () => {
          const input = `${withHeader({ alg: 'HS256' })}.${payload()}`;
          return `${input}.${hmacBy(input, key.pem ?? '')}`;
        },
      ],
      [
        'the public JWK as the secret of HS256',
        () => {
          const input = `${withHeader({ alg: 'HS256' })}.${payload()}`;
          return `${input}.${hmacBy(input, JSON.stringify(key.jwk))}`;
        },
      ],
      [
        'another algorithm in the header',
        () => `${withHeader({ alg: 'ES384' })}.${payload()}.${signature()}`,
      ],
      [
        'signed by a key of the thief',
        () => {
          const input = `${withHeader({})}.${payload()}`;
          return `${input}.${ecBy(input, thief.privateKey)}`;
        },
      ],
      [
        'with the thief’s key in the header',
        () => {
          const jwk = thief.publicKey.export({ format: 'jwk' });
          const input = `${withHeader({ jwk })}.${payload()}`;
          return `${input}.${ecBy(input, thief.privateKey)}`;
        },
      ],
      ['an unknown kid', () => `${withHeader({ kid: randomUUID() })}.${payload()}.${signature()}`],
      ['no kid', () => `${withHeader({ kid: undefined })}.${payload()}.${signature()}`],
      [
        'another subject',
        () => {
          const claims = { ...decodeJwt(genuine).claims, sub: `local|${randomUUID()}` };
          return `${genuine.split('.')[0]}.${encode(claims)}.${signature()}`;
        },
      ],
      ['no signature', () => `${genuine.slice(0, genuine.lastIndexOf('.') + 1)}`],
      ['two parts', () => genuine.slice(0, genuine.lastIndexOf('.'))],
      ['padding', () => `${genuine}=`],
      ['nothing', () => ''],
    ];
    for (const [name, forge] of forgeries) {
      test(name, async () => {
        const answer = await dialect.api.get('/api/v1/auth/self/user', { jwt: forge() });
        assert.deepEqual(errorOf(answer), noApiToken);
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
      });
    }

    test('signed with HS256 by a text of 32 zero bytes while an HMAC key is current', async () => {
      ok(await rotate({ type: 'hmac' }));
      const jwt = await dialect.jwt();
      const input = jwt.slice(0, jwt.lastIndexOf('.'));
      const forged = `${input}.${secret(hmacBy(input, '\0'.repeat(32)))}`;
      assert.equal(await dialect.statusWith(forged), 401);
      ok(await rotate({ type: 'ecdsa' }));
    });
  });
});

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function verifies(jwt: string, key: KeyObject): boolean {
  const at = jwt.lastIndexOf('.');
  const [input, signature] = [Buffer.from(jwt.slice(0, at)), Buffer.from(jwt.slice(at + 1), 'base64url')];
  const hash = `sha${decodeJwt(jwt).header.alg.slice(2)}`;
  if (key.asymmetricKeyType === 'rsa') return createVerify(hash).update(input).verify(key, signature);
  return verify(hash, input, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
