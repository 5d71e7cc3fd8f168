/** Which claims are an access token of a Tessera server: exactly one interface's, whole. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readServerToken } from '../../src/tessera/server-token.ts';

type Claims = Parameters<typeof readServerToken>[0];

const common = { sid: 's1', jti: 'j1', iat: 1_800_000_000, exp: 1_800_003_600 };
const samples = {
  nebularstack: { ...common, ver: 2, type: 'standard', user_id: 'u1', username: 'ada', roles: ['Operator'] },
  nectar: { ...common, gen: 3, sub: 'u1', preferred_username: 'ada', roles: ['Operator'] },
  ciphertrust: {
    ...common,
    acc: 'kylo',
    sub: 'local|u1',
    preferred_username: 'ada',
    cust: { groups: ['Operator'] },
  },
} as const satisfies Record<string, Claims | object>;

for (const [kind, claims] of Object.entries(samples)) {
  test(`${kind}: the whole of it is read, and nothing of it may be missing or of another type`, () => {
    const read = readServerToken(claims as unknown as Claims);
    assert.deepEqual(
      [read?.kind, read?.sessionId, read?.userId, read?.caller.username, read?.caller.roles],
      [kind, 's1', 'u1', 'ada', ['Operator']],
    );
    for (const name of Object.keys(claims).filter((one) => one !== 'exp')) {
      const { [name]: _, ...rest } = claims as Record<string, unknown>;
      assert.equal(readServerToken(rest as Claims), null, `without ${name}`);
      for (const other of [{}, [1], true, '', null, -1])
        assert.equal(readServerToken({ ...rest, [name]: other } as Claims), null, `${name}: ${other}`);
    }
  });
}

test('claims of two interfaces together are none', () => {
  const kinds = Object.values(samples);
  fc.assert(
    fc.property(fc.nat(2), fc.integer({ min: 1, max: 2 }), (at, step) => {
      const mixed = { ...kinds[at], ...kinds[(at + step) % 3] } as unknown as Claims;
      assert.equal(readServerToken(mixed), null);
    }),
  );
});

test('a token for completing a sign-in is none, nor is one of a shared key', () => {
  assert.equal(readServerToken({ ...samples.nebularstack, type: 'minimal' } as unknown as Claims), null);
  assert.equal(readServerToken({ ...common, sub: 'u1', roles: ['Operator'] } as unknown as Claims), null);
});
