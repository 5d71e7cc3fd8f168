/** What a guard is made of, and what it refuses to be made of. @module */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  createGuard,
  type GuardMethod,
  type GuardOptions,
  grantJsonWebToken,
  jwt,
  login,
  type NectarOptions,
  nectar,
  success,
  type TesseraOptions,
  tessera,
} from '@tessera/guard';
import { challenge, grant, signingKey } from '../adapters/tokens.ts';
import { decideBearer, headWith, shown } from './head.ts';

// They are what is tested, not news.
process.removeAllListeners('warning');

/** Codes of the warnings of the process that `work` causes. */
async function warningsOf(work: () => void): Promise<string[]> {
  const codes: string[] = [];
  const listen = (warning: Error & { code?: string }): void => {
    codes.push(warning.code ?? '');
    assert.doesNotMatch(warning.message, /default_signing_key|SuperSecretKey/);
  };
  process.on('warning', listen);
  try {
    work();
    await turn();
    await turn();
  } finally {
    process.off('warning', listen);
  }
  return codes;
}

describe('the default key', () => {
  const inEnvironment = async (env: string | undefined, work: () => void): Promise<string[]> => {
    const before = process.env.NODE_ENV;
    if (env === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = env;
    try {
      return await warningsOf(work);
    } finally {
      if (before === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = before;
    }
  };
  const allowing = (allowDefaultSigningKey: boolean | undefined, method: GuardMethod) => (): void => {
    const allow = allowDefaultSigningKey === undefined ? {} : { allowDefaultSigningKey };
    createGuard({ methods: [jwt({ signingKey }), method], ...allow });
  };

  for (const [keyName, method] of [
    ['by default', () => jwt()],
    ['given as text', () => jwt({ signingKey: 'default_signing_key' })],
    ['given as bytes', () => jwt({ signingKey: Buffer.from('default_signing_key') })],
  ] as const) {
    test(`${keyName}: in development a warning, in production no start, unless allowed or refused`, async () => {
      for (const env of [undefined, '', 'development', 'test', 'productions']) {
        assert.deepEqual(
          await inEnvironment(env, allowing(undefined, method())),
          ['TESSERA_DEFAULT_SIGNING_KEY'],
          env ?? 'unset',
        );
        assert.deepEqual(await inEnvironment(env, allowing(true, method())), ['TESSERA_DEFAULT_SIGNING_KEY']);
        await assert.rejects(inEnvironment(env, allowing(false, method())), {
          name: 'DefaultSigningKeyError',
        });
      }
      for (const env of ['production', ' PRODUCTION ', 'Production\n']) {
        await assert.rejects(inEnvironment(env, allowing(undefined, method())), {
          name: 'DefaultSigningKeyError',
        });
        assert.deepEqual(await inEnvironment(env, allowing(true, method())), ['TESSERA_DEFAULT_SIGNING_KEY']);
        await assert.rejects(inEnvironment(env, allowing(false, method())), {
          name: 'DefaultSigningKeyError',
        });
      }
    });
  }

  test('where no environment can be read, it counts as production', () => {
    const descriptor = Object.getOwnPropertyDescriptor(process, 'env') as PropertyDescriptor;
    Object.defineProperty(process, 'env', {
      configurable: true,
      get: () => {
        throw new Error('no access to the environment');
      },
    });
    try {
      assert.throws(allowing(undefined, jwt()), { name: 'DefaultSigningKeyError' });
      assert.doesNotThrow(
        allowing(undefined, jwt({ signingKey: 'another key of more than 32 bytes, long' })),
      );
    } finally {
      Object.defineProperty(process, 'env', descriptor);
    }
  });

  test('short and published keys are warned of', async () => {
    const made = (key: string) => warningsOf(() => void createGuard({ methods: [jwt({ signingKey: key })] }));
    assert.deepEqual(await made('SuperSecretKey'), [
      'TESSERA_PUBLISHED_SIGNING_KEY',
      'TESSERA_SHORT_SIGNING_KEY',
    ]);
    assert.deepEqual(await made('quite short'), ['TESSERA_SHORT_SIGNING_KEY']);
    assert.deepEqual(await made(signingKey), []);
  });
});

test('options that are none are refused before anything listens', () => {
  const refused: readonly Partial<GuardOptions>[] = [
    { methods: [] },
    { methods: [null as unknown as GuardMethod] },
    { methods: [jwt as unknown as GuardMethod] },
    { methods: jwt({ signingKey }) as unknown as GuardMethod[] },
    { policies: { a: true as unknown as () => boolean } },
    { paths: { login: '/a/../b' } },
    { paths: { login: 'login' } },
    { denyList: [] as unknown as { has: () => boolean } },
    { memory: { maxTokens: -1 } },
    { memory: { maxLength: 1.5 } },
  ];
  for (const options of refused) {
    assert.throws(
      () => createGuard({ methods: [jwt({ signingKey })], ...options }),
      TypeError,
      JSON.stringify(options),
    );
  }
  const unset = { url: 'http://127.0.0.1:1', application: 'a', credential: undefined, mode: 'deny-list' };
  const registry = unset as unknown as NonNullable<GuardOptions['registry']>;
  assert.throws(() => createGuard({ methods: [jwt({ signingKey })], registry }), {
    message: 'the credential of a guard is one word',
  });
  const server = 'http://127.0.0.1:1';
  const misspelt = { server, credential: 'tsg_x', mode: 'Live' } as unknown as TesseraOptions;
  assert.throws(() => tessera(misspelt), { message: 'the mode is "live", "online" or "offline"' });
  const undefinedCredential = { server, credential: undefined } as unknown as NectarOptions;
  assert.throws(() => nectar(undefinedCredential), /the credential is undefined; without one, say live/);
  assert.doesNotThrow(() => nectar({ ...undefinedCredential, live: true }));
  assert.throws(() => tessera(undefinedCredential), /needs the credential of an application/);
  assert.throws(() => jwt({ signingKey: '' }), TypeError);
  assert.throws(() => jwt({ issuer: [] }), TypeError);
  assert.throws(() => jwt({ signingKey: null as unknown as string }), {
    message: 'the signing key is text or bytes',
  });
  for (const publicKey of [undefined, '', Buffer.from('-----BEGIN PUBLIC KEY-----')]) {
    assert.throws(() => jwt({ publicKey: publicKey as string, issuer: 'a', audience: 'b' }), {
      message: 'publicKey is PEM as text, a JWK, or a KeyObject',
    });
  }
  const both = { signingKey, jwks: '{"keys":[]}', issuer: 'a', audience: 'b' };
  assert.throws(() => jwt(both), { message: 'a jwt method has a signingKey or public keys, not both' });
  assert.throws(() => login(null as never), TypeError);
});

test('a key under the name that another library gives it is refused, and not replaced by the default one', () => {
  for (const name of ['secret', 'signingkey', 'key', 'jwksUri', 'secretOrPublicKey']) {
    const options = { [name]: signingKey, issuer: 'a' };
    assert.throws(() => jwt(options), {
      message: `jwt has no option "${name}"; it takes signingKey, issuer, audience, clockSkewSeconds`,
    });
  }
});

test('an option that is misspelt is refused, and not left out', () => {
  for (const name of ['denylist', 'publicEndpoint', 'policy', 'allowDefaultSigningkey']) {
    const options = { methods: [jwt({ signingKey })], [name]: undefined };
    assert.throws(() => createGuard(options), {
      name: 'TypeError',
      message: /^createGuard has no option "\w+"; it takes methods, policies, /,
    });
  }
});

test('a login without jwt grants with a random key of this guard alone, and says so', async () => {
  const guards = [createGuardOfLogin, createGuardOfLogin].map((make) => make());
  const [warning] = await once(process, 'warning');
  assert.equal(warning.code, 'TESSERA_RANDOM_SIGNING_KEY');
  const [own, other] = guards;
  assert.ok(own !== undefined && other !== undefined);
  const answer = await own.logIn({
    head: { ...headWith(), method: 'POST', target: '/login' },
    contentType: 'application/json',
    contentEncoding: null,
    readBody: async () => ({ kind: 'parsed', value: { UserName: 'Adam', Password: 'Test' } }),
  });
  const { token } = JSON.parse(answer.body);
  assert.equal(await decideBearer(own, token), 'pass Adam');
  assert.equal(await decideBearer(other, token), `401 ${challenge('The signature is invalid')}`);
});

function createGuardOfLogin() {
  return createGuard({ methods: [login(() => success())] });
}

test('either key’s token passes two jwt methods; a foreign one is refused with both texts, equal ones once', async () => {
  const other = 'another key of more than thirty-two bytes';
  const guard = createGuard({
    methods: [
      jwt({ signingKey }),
      jwt({ signingKey: other, issuer: 'IMS' }),
      jwt({ signingKey: other, issuer: 'X' }),
    ],
  });
  assert.equal(await decideBearer(guard, grant()), 'pass Adam');
  assert.equal(await decideBearer(guard, grant({ signingKey: other, issuer: 'X' })), 'pass Adam');
  const foreign = grant({ signingKey: 'a third key of more than thirty-two bytes' });
  assert.equal(await decideBearer(guard, foreign), `401 ${challenge('The signature is invalid')}`);
  const mixed = grant({ signingKey: other, issuer: 'Y' });
  assert.equal(
    await decideBearer(guard, mixed),
    `401 ${challenge('The signature is invalid; The issuer is invalid')}`,
  );
  assert.equal(await decideBearer(guard, 'a.b'), '401 Bearer error="invalid_token"');
});

test('a removed method refuses every token that it accepted before', async () => {
  const old = jwt({ signingKey: 'the key before, of more than 32 bytes' });
  const token = grant({ signingKey: 'the key before, of more than 32 bytes' });
  assert.equal(await decideBearer(createGuard({ methods: [old, jwt({ signingKey })] }), token), 'pass Adam');
  assert.equal(
    await decideBearer(createGuard({ methods: [jwt({ signingKey })] }), token),
    `401 ${challenge('The signature is invalid')}`,
  );
});

test('a method that throws or rejects is 503, is logged without the token, and lets nothing fall through', async () => {
  for (const check of [
    () => {
      throw new Error(`no way: ${token}`);
    },
    async () => Promise.reject(new Error(`no way: ${token}`)),
  ]) {
    const causes: (string | null)[] = [];
    const broken: GuardMethod = {
      role: 'credentials',
      name: 'broken',
      credentials: ['bearer'],
      challenge: 'Bearer',
      check,
    };
    const guard = createGuard({
      methods: [broken, jwt({ signingKey })],
      log: ({ cause }) => causes.push(cause),
    });
    assert.equal(await decideBearer(guard, token), '503 15');
    assert.match(causes[0] ?? '', /no way: \[secret\]/);
    assert.equal(guard.metrics().requests.unavailable, 1);
  }
});
const token = grantJsonWebToken({ identity: 'Adam', signingKey });

test('the first that accepts, revokes or cannot tell has the last word', async () => {
  const method = (verdict: 'refused' | 'revoked' | 'unavailable'): GuardMethod => ({
    role: 'credentials',
    name: verdict,
    credentials: ['bearer'],
    challenge: 'Bearer',
    check: () =>
      verdict === 'refused'
        ? { kind: verdict, description: 'Not mine' }
        : verdict === 'revoked'
          ? { kind: verdict }
          : { kind: verdict, retryAfterSeconds: 7.2 },
  });
  const decide = (...methods: GuardMethod[]) => decideBearer(createGuard({ methods }), grant());
  assert.equal(await decide(method('refused'), jwt({ signingKey })), 'pass Adam');
  assert.equal(await decide(method('unavailable'), jwt({ signingKey })), '503 8');
  assert.equal(
    await decide(method('revoked'), jwt({ signingKey })),
    `401 ${challenge('The token is revoked')}`,
  );
  assert.equal(await decide(method('refused'), method('refused')), `401 ${challenge('Not mine')}`);
});

test('what a request proves itself with at once is one thing', async () => {
  const both: GuardMethod = {
    role: 'credentials',
    name: 'both',
    credentials: ['bearer', 'x-auth-token'],
    challenge: 'Bearer',
    check: (_credential, { nowMs }) => ({ kind: 'refused', description: `Asked ${nowMs > 0}` }),
  };
  const guard = createGuard({ methods: [both] });
  const decide = async (...headers: (readonly [string, string])[]) =>
    shown(await guard.decide(headWith(...headers)));
  assert.equal(await decide(['X-Auth-Token', 'abc']), `401 ${challenge('Asked true')}`);
  for (const headers of [
    [
      ['X-Auth-Token', 'abc'],
      ['x-auth-token', 'abc'],
    ],
    [
      ['X-Auth-Token', 'abc'],
      ['Authorization', 'Bearer abc'],
    ],
    [['X-Auth-Token', 'a b']],
    [['X-Auth-Token', 'a,b']],
  ] as const) {
    assert.equal(await decide(...headers), '401 Bearer error="invalid_token"', JSON.stringify(headers));
  }
  assert.equal(await decide(['X-Auth-Token', ' ']), '401 Bearer');
});

test('methods and deny list are started once, and closed with the guard', async () => {
  const events: string[] = [];
  const living = { start: () => void events.push('start'), close: () => void events.push('close') };
  const method: GuardMethod = { ...jwt({ signingKey }), ...living };
  const guard = createGuard({ methods: [method], denyList: { has: () => false, ...living } });
  await guard.close();
  assert.deepEqual(events, ['start', 'start', 'close', 'close']);
});
