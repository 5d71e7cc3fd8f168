/** The memory of accepted credentials: what it answers, what ends an entry, how large it grows. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CredentialMethod, createGuard, type Guard, jwt } from '@tessera/guard';
import { principalOf } from '@tessera/token';
import { challenge, grant, signingKey } from '../adapters/tokens.ts';
import { decideBearer, headWith, shown } from './head.ts';

const nowMs = Date.parse('2026-06-01T00:00:00Z');
const tokenOf = (identity: string): string =>
  grant({ identity, now: new Date(nowMs), expiry: new Date(nowMs + 60_000) });

test('an entry ends with the token, and is not valid before it when the clock goes back', async () => {
  let clockMs = nowMs;
  const guard = createGuard({ methods: [jwt({ signingKey, clockSkewSeconds: 0 })], clock: () => clockMs });
  const token = tokenOf('Adam');
  for (const offsetMs of [0, 60_000]) {
    clockMs = nowMs + offsetMs;
    assert.equal(await decideBearer(guard, token), 'pass Adam');
  }
  clockMs = nowMs + 60_001;
  assert.equal(await decideBearer(guard, token), `401 ${challenge('The token is expired')}`);
  assert.equal(guard.metrics().memory.tokens, 0);
  clockMs = nowMs - 1;
  assert.equal(await decideBearer(guard, token), `401 ${challenge('The token is not valid yet')}`);
});

test('a clock that gives no number lets nothing pass', async () => {
  let clockMs = nowMs;
  const guard = createGuard({ methods: [jwt({ signingKey })], clock: () => clockMs, log: () => {} });
  assert.equal(await decideBearer(guard, tokenOf('Adam')), 'pass Adam');
  clockMs = Number.NaN;
  assert.equal(await decideBearer(guard, tokenOf('Adam')), '503 15');
});

test('all requests with one token see one principal, which none of them can change', async () => {
  const guard = createGuard({ methods: [jwt({ signingKey })] });
  const head = headWith(['Authorization', `Bearer ${grant({ roles: ['a'] })}`]);
  const [one, other] = [await guard.decide(head), await guard.decide(head)];
  assert.ok(one.kind === 'pass' && other.kind === 'pass');
  assert.equal(one.principal, other.principal);
  assert.throws(() => (one.principal.roles as string[]).push('root'), TypeError);
});

test('what a method revokes is refused at the next request, and can come back', async () => {
  let isOpen = true;
  const method: CredentialMethod = {
    role: 'credentials',
    name: 'live',
    credentials: ['bearer'],
    challenge: 'Bearer',
    check: () =>
      isOpen
        ? {
            kind: 'accepted',
            principal: principalOf({ unique_name: 'Adam' }),
            remembered: { stands: () => isOpen },
            denialKey: null,
            narrow: null,
          }
        : { kind: 'revoked' },
  };
  const guard = createGuard({ methods: [method] });
  assert.equal(await decideBearer(guard, 'a'), 'pass Adam');
  isOpen = false;
  assert.equal(await decideBearer(guard, 'a'), `401 ${challenge('The token is revoked')}`);
  isOpen = true;
  assert.equal(await decideBearer(guard, 'a'), 'pass Adam');
  assert.deepEqual(guard.metrics().memory, { tokens: 1, hits: 0, misses: 3 });
});

test('ten thousand live tokens are all remembered, and no more than the bound ever is', async () => {
  const guard = createGuard({ methods: [jwt({ signingKey })] });
  const tokens = Array.from({ length: 10_000 }, (_, index) => grant({ identity: `user ${index}` }));
  for (const token of [...tokens, ...tokens, ...tokens]) await decideBearer(guard, token);
  const { hits, misses } = guard.metrics().memory;
  assert.deepEqual({ hits, misses }, { hits: 20_000, misses: 10_000 });

  const small = createGuard({ methods: [jwt({ signingKey })], memory: { maxTokens: 100 } });
  for (const token of tokens) {
    await decideBearer(small, token);
    assert.ok(small.metrics().memory.tokens <= 100);
  }
});

test('long tokens and refused ones are not remembered; a memory of 0 remembers nothing; all can be forgotten', async () => {
  const remembered = async (guard: Guard, token: string): Promise<number> => {
    await decideBearer(guard, token);
    return guard.metrics().memory.tokens;
  };
  const methods = [jwt({ signingKey })];
  const long = grant({ payload: { text: 'x'.repeat(4000) } });
  assert.equal(await remembered(createGuard({ methods }), long), 0);
  assert.equal(await remembered(createGuard({ methods, memory: { maxLength: 16_384 } }), long), 1);
  assert.equal(await remembered(createGuard({ methods }), grant({ issuer: 'IMS' })), 0);
  assert.equal(await remembered(createGuard({ methods, memory: { maxTokens: 0 } }), grant()), 0);
  const guard = createGuard({ methods });
  assert.equal(await remembered(guard, grant()), 1);
  guard.forget();
  assert.equal(guard.metrics().memory.tokens, 0);
});

test('a token is remembered for the header it came in: the other header is checked for itself', async () => {
  const asked: string[] = [];
  const method: CredentialMethod = {
    role: 'credentials',
    name: 'both',
    credentials: ['bearer', 'x-auth-token'],
    challenge: 'Bearer',
    check: ({ kind }) => {
      asked.push(kind);
      const principal = principalOf({ unique_name: kind });
      return {
        kind: 'accepted',
        principal,
        remembered: { stands: () => true },
        denialKey: null,
        narrow: null,
      };
    },
  };
  const guard = createGuard({ methods: [method] });
  const decide = async (name: string, value: string) => shown(await guard.decide(headWith([name, value])));
  for (const _ of [1, 2]) {
    assert.equal(await decide('X-Auth-Token', 'a'), 'pass x-auth-token');
    assert.equal(await decide('Authorization', 'Bearer a'), 'pass bearer');
    assert.equal(await decide('Authorization', 'a'), '401 Bearer');
  }
  assert.deepEqual(asked, ['x-auth-token', 'bearer']);
});

test('two guards share nothing: what one accepts the other judges by its own rules', async () => {
  const token = grant();
  assert.equal(await decideBearer(createGuard({ methods: [jwt({ signingKey })] }), token), 'pass Adam');
  const strict = createGuard({ methods: [jwt({ signingKey, issuer: 'IMS' })] });
  assert.equal(await decideBearer(strict, token), `401 ${challenge('The issuer is invalid')}`);
});
