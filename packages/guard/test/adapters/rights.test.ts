/** Roles, policies and public endpoints, in every framework. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createGuard, type GuardEvent, jwt, type Policy } from '@tessera/guard';
import { requirePolicy as expressPolicy, requireRole as expressRole } from '@tessera/guard/express';
import { requirePolicy as fastifyPolicy } from '@tessera/guard/fastify';
import { requirePolicy as fetchPolicy } from '@tessera/guard/fetch';
import { requirePolicy as honoPolicy } from '@tessera/guard/hono';
import { requirePolicy as nodePolicy } from '@tessera/guard/node';
import { call } from './call.ts';
import { programs } from './programs.ts';
import { bearer, grant, signingKey } from './tokens.ts';

const billing = grant({ payload: { Account: 'Billing' } });
const both = grant({ payload: { Account: 'Billing' }, roles: 'Operator' });
const other = grant({ payload: { Account: 'Sales' } });

const hasBilling: Policy = (principal) => principal.hasClaim('Account', 'Billing');
const policies: Readonly<Record<string, Policy>> = {
  billing: hasBilling,
  later: async (principal) => hasBilling(principal),
  one: () => 1 as unknown as boolean,
  laterOne: async () => 1 as unknown as boolean,
  throwing: () => {
    throw new Error('the directory is away');
  },
  rejecting: async () => {
    throw new Error('the directory is away');
  },
};

for (const program of programs) {
  describe(program.name, () => {
    test('any one of the roles passes; none is 403 with an empty body and no challenge', async (t) => {
      const url = await program.start(t, createGuard({ methods: [jwt({ signingKey })] }));
      const asking = async (token: string) =>
        call(url, { target: '/guarded/role', headers: [bearer(token)] });
      assert.equal((await asking(both)).status, 200);
      assert.equal((await asking(grant({ roles: ['Auditor', 'Administrator'] }))).status, 200);
      for (const token of [billing, grant({ roles: 'operator' }), grant({ roles: 'Operator ' })]) {
        const { status, headers, body } = await asking(token);
        assert.deepEqual([status, headers['www-authenticate'], body], [403, undefined, '']);
      }
      assert.equal((await call(url, { target: '/guarded/role' })).status, 401);
    });

    test('all policies have to pass, and only with true', async (t) => {
      for (const [names, token, status] of [
        [['billing'], billing, 200],
        [['billing', 'later'], billing, 200],
        [['billing'], other, 403],
        [['later'], other, 403],
        [['billing', 'one'], billing, 403],
        [['laterOne'], billing, 403],
        [['billing', 'throwing'], billing, 403],
        [['rejecting'], billing, 403],
      ] as const) {
        const events: GuardEvent[] = [];
        const guard = createGuard({
          methods: [jwt({ signingKey })],
          policies,
          log: (event) => events.push(event),
        });
        const url = await program.start(t, guard, { policies: names });
        const received = await call(url, { target: '/guarded/policy', headers: [bearer(token)] });
        assert.deepEqual([received.status, names], [status, names]);
        assert.equal(events.length, names.some((name) => /ing$/.test(name) && name !== 'billing') ? 1 : 0);
      }
    });

    test('public endpoints answer without a token and with a bad one, to nobody in particular', async (t) => {
      const publicEndpoints = ['GET /docs/*', 'GET /api/health'];
      const url = await program.start(t, createGuard({ methods: [jwt({ signingKey })], publicEndpoints }));
      const marked = program.name === 'node' || program.name === 'fetch' ? [] : ['/marked', '/marked/a/b'];
      for (const target of ['/docs/a', '/docs/a/b%20c?d=/../e', '/api/health', '/api/health?x', ...marked]) {
        for (const headers of [[], [bearer('bad')], [bearer(billing), bearer(billing)], [bearer(both)]]) {
          const { status, body } = await call(url, { target, headers });
          assert.equal(status, 200, target);
          const { userName, roles, claims } = JSON.parse(body);
          assert.deepEqual({ userName, roles, claims }, { userName: null, roles: [], claims: [] });
        }
        assert.equal((await call(url, { method: 'HEAD', target })).status, 200, `HEAD ${target}`);
        assert.equal((await call(url, { method: 'POST', target })).status, 401, `POST ${target}`);
      }
    });

    test('no path that two readers could read differently is public', async (t) => {
      const publicEndpoints = ['GET /docs/*', 'GET /api/health'];
      const url = await program.start(t, createGuard({ methods: [jwt({ signingKey })], publicEndpoints }));
      for (const target of [
        '/docs/..%2fapi/user/me',
        '/docs/../api/user/me',
        '/docs/%2e%2e/api/user/me',
        '/docs/.%2E/api/user/me',
        '/docs/./a',
        '/docs/a/..',
        '/docs/..',
        '/docs/a%2Fb',
        '/docs/a%5cb',
        '/docs/..\\api\\user\\me',
        '/docs/a%00',
        '/docs/a%252f',
        '/docs//a',
        '//docs/a',
        '/docs',
        '/DOCS/a',
        '/docsa',
        '/api/health/',
        '/api/health/x',
        '/api/health%2f',
        '/api/Health',
        '/api/docs/../health',
        '/docs/../marked',
        '/marked/..%2fapi/user/me',
        '/marked/../api/user/me',
        'http://127.0.0.1/docs/a',
      ]) {
        const { status, body } = await call(url, { target });
        // Requests of the fetch kind have a resolved path, for the guard as for the program behind it.
        const isResolved = program.name === 'fetch' && /^http|\/\.{1,2}(?:\/|$)/.test(target);
        if (isResolved && /^\/(?:docs\/|api\/health$)/.test(new URL(target, url).pathname)) continue;
        assert.ok(status === 401 || status === 400, `${status} ${target}`);
        assert.equal(body, '');
      }
    });
  });
}

test('a policy that no guard has stops the start, and so do empty names', () => {
  createGuard({ methods: [jwt({ signingKey })], policies: { known: () => true } });
  for (const requirePolicy of [expressPolicy, fastifyPolicy, fetchPolicy, honoPolicy, nodePolicy]) {
    assert.doesNotThrow(() => requirePolicy('known'));
    assert.throws(() => requirePolicy('unheard-of'), /no guard has a policy "unheard-of"/);
    assert.throws(() => requirePolicy(), TypeError);
  }
  assert.throws(() => expressRole(), TypeError);
  assert.throws(() => expressRole(''), TypeError);
});

test('the names of the policies a principal passes', async () => {
  const guard = createGuard({ methods: [jwt({ signingKey })], policies, log: () => {} });
  const [name = '', value = ''] = bearer(billing);
  const head = { method: 'GET', target: '/', headers: [name, value], remoteAddress: null, isPrivate: true };
  const decision = await guard.decide(head);
  assert.ok(decision.kind === 'pass');
  assert.deepEqual(await guard.policiesOf(decision.principal), ['billing', 'later']);
});

test('a public endpoint that is none is refused when the guard is made', () => {
  for (const text of ['/docs', 'get /docs', 'GET docs', 'GET /a*', 'GET /a/*/b', 'GET /../a', 'GET /a%2fb']) {
    assert.throws(() => createGuard({ methods: [jwt({ signingKey })], publicEndpoints: [text] }), TypeError);
  }
});
