/** Listing, reading and deleting refresh tokens. Spec ciphertrust §1.8, §7; acceptance 16, 17. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import {
  type Account,
  day,
  errorOf,
  type Grant,
  invalidToken,
  minute,
  noApiToken,
  ok,
  onEachEngine,
  readGrant,
  revokedApiToken,
  rootDomainId,
  timeForm,
  tokensPath,
} from './dialect.ts';

onEachEngine((dialect) => {
  let ada: Account;
  let bob: Account;
  before(async () => {
    ada = await dialect.createUser();
    bob = await dialect.createUser();
  });

  const list = async (query: string, account?: Account): Promise<Answer> =>
    dialect.api.get(`${tokensPath}?${query}`, { jwt: await dialect.jwt(account) });
  const idsOf = async (query: string, account?: Account): Promise<string[]> =>
    ok(await list(query, account)).body.resources.map((item: { id: string }) => item.id);
  const read = async (id: string, account?: Account): Promise<Answer> =>
    dialect.api.get(`${tokensPath}/${id}`, { jwt: await dialect.jwt(account) });
  const remove = async (id: string, account?: Account): Promise<Answer> =>
    dialect.api.delete(`${tokensPath}/${id}`, { jwt: await dialect.jwt(account) });
  const own = (fields: object = {}): Promise<Grant> => dialect.grant(fields, ada);

  test('without an API token is 401 and says that POST creates one', async () => {
    const error = errorOf(await dialect.api.get(tokensPath));
    const message = 'Use POST to create a token; listing tokens needs an API token.';
    assert.deepEqual(error, { ...noApiToken, message });
  });

  test('is an empty list, never null, for a user without refresh tokens', async () => {
    const { body } = ok(await list('', bob));
    assert.deepEqual(body, { skip: 0, limit: 10, total: 0, resources: [] });
  });

  test('shows the metadata of a token and no text of it', async () => {
    const grant = await own({ labels: ['web-ui', 'second'], refresh_token_revoke_unused_in: 30 });
    const answer = ok(await list('labels=web-ui&limit=500', ada));
    assert.ok(!answer.text.includes(grant.refreshToken));
    assert.deepEqual([answer.body.skip, answer.body.limit, answer.body.total], [0, 500, 1]);
    const [item] = answer.body.resources;
    const { createdAt, updatedAt, createdFrom, expiresAt, ...fixed } = item;
    assert.match(createdAt, timeForm);
    assert.match(updatedAt, timeForm);
    assert.match(createdFrom, /127\.0\.0\.1|::1/);
    assert.ok(expiresAt === null || timeForm.test(expiresAt));
    assert.deepEqual(fixed, {
      id: grant.clientId,
      client_id: grant.clientId,
      user_id: ada.userId,
      domain_id: rootDomainId,
      labels: ['web-ui', 'second'],
      lastRefreshedAt: null,
      revoke_unused_in: 30,
      expired: false,
      revoked: false,
      revokedAt: null,
    });
    assert.deepEqual(ok(await read(grant.clientId, ada)).body, item);
    ok(await dialect.refresh(grant.refreshToken));
    assert.match(ok(await read(grant.clientId, ada)).body.lastRefreshedAt, timeForm);
  });

  test('does not show sessions that have no refresh token', async () => {
    const { total } = ok(await list('limit=0', ada)).body;
    for (let times = 0; times < 3; times += 1) await dialect.jwt(ada);
    assert.equal(ok(await list('limit=0', ada)).body.total, total);
  });

  describe('pages:', () => {
    test('skip and limit are echoed, together the pages hold every token once', async () => {
      const grants = [
        await own({ labels: 'paged' }),
        await own({ labels: 'paged' }),
        await own({ labels: 'paged' }),
      ];
      const found: string[] = [];
      for (let skip = 0; skip < 4; skip += 1) {
        const { body } = ok(await list(`labels=paged&limit=1&skip=${skip}`, ada));
        assert.deepEqual([body.skip, body.limit, body.total], [skip, 1, 3]);
        found.push(...body.resources.map((item: { id: string }) => item.id));
      }
      assert.deepEqual(found.toSorted(), grants.map(({ clientId }) => clientId).toSorted());
    });

    test('a limit of 2000 is honoured, a greater one is cut to 2000 and echoed so', async () => {
      assert.equal(ok(await list('limit=2000', ada)).body.limit, 2000);
      assert.equal(ok(await list('limit=5000', ada)).body.limit, 2000);
    });

    for (const query of ['skip=-1', 'limit=-1', 'limit=x', 'skip=1.5']) {
      test(`${query} is 400 and names the field`, async () => {
        const error = errorOf(await list(query, ada));
        assert.deepEqual([error.status, error.code], [400, 9]);
        assert.match(error.message, new RegExp(query.split('=')[0] ?? ''));
      });
    }
  });

  describe('filters:', () => {
    test('labels: a token carries all that are given', async () => {
      const both = await own({ labels: ['north', 'south'] });
      const one = await own({ labels: ['north'] });
      assert.deepEqual(
        (await idsOf('labels=north', ada)).toSorted(),
        [both.clientId, one.clientId].toSorted(),
      );
      assert.deepEqual(await idsOf('labels=north,south', ada), [both.clientId]);
      assert.deepEqual(await idsOf('labels=nor', ada), []);
    });

    test('revoked tokens are hidden, and shown with revoked=True', async () => {
      const grant = await own({ labels: 'ended' });
      const body = { token: grant.refreshToken, client_id: grant.clientId };
      assert.equal((await dialect.api.post('/api/v1/auth/revoke', body)).status, 204);
      assert.deepEqual(await idsOf('labels=ended', ada), []);
      assert.deepEqual(await idsOf('labels=ended&revoked=False', ada), []);
      assert.deepEqual(await idsOf('labels=ended&revoked=True', ada), [grant.clientId]);
      const item = ok(await read(grant.clientId, ada)).body;
      assert.equal(item.revoked, true);
      assert.match(item.revokedAt, timeForm);
    });

    test('expired tokens are hidden, and shown with expired=true', async () => {
      const grant = await own({ labels: 'gone', refresh_token_lifetime: 5 });
      dialect.server.advance(6 * minute);
      assert.deepEqual(await idsOf('labels=gone', ada), []);
      assert.deepEqual(await idsOf('labels=gone&expired=true', ada), [grant.clientId]);
      const item = ok(await list('labels=gone&expired=true', ada)).body.resources[0];
      assert.deepEqual([item.expired, item.revoked], [true, false]);
      assert.match(item.expiresAt, timeForm);
    });

    test('refreshed_before: an instant or a span, against the last use or else the creation', async () => {
      const [unused, used] = [await own({ labels: 'aged' }), await own({ labels: 'aged' })];
      dialect.server.advance(10 * day);
      ok(await dialect.refresh(used.refreshToken));
      const between = ok(await read(used.clientId, ada)).body.lastRefreshedAt.replace(/Z$/, '000Z');
      assert.deepEqual(await idsOf('labels=aged&refreshed_before=-5D', ada), [unused.clientId]);
      assert.deepEqual(await idsOf('labels=aged&refreshed_before=-0Y-0M-5D', ada), [unused.clientId]);
      assert.deepEqual(await idsOf('labels=aged&refreshed_before=-1Y-2M-5D', ada), []);
      assert.deepEqual(await idsOf(`labels=aged&refreshed_before=${between}`, ada), [unused.clientId]);
      const error = errorOf(await list('refreshed_before=yesterday', ada));
      assert.deepEqual([error.status, error.code], [400, 9]);
    });

    test('user_id: an administrator finds the tokens of one user, raw and escaped', async () => {
      const grant = await dialect.grant({ labels: 'bobs' }, bob);
      for (const id of [bob.userId, encodeURIComponent(bob.userId)]) {
        assert.deepEqual(await idsOf(`user_id=${id}`), [grant.clientId]);
      }
    });

    for (const query of ['revoked=maybe', 'expired=2']) {
      test(`${query} is 400 and names the field`, async () => {
        assert.equal(errorOf(await list(query, ada)).code, 9);
      });
    }
  });

  test('a user sees no token of another, by list or by id, and cannot delete it; an administrator can', async () => {
    const grant = await own({ labels: 'private' });
    assert.deepEqual(await idsOf('labels=private', bob), []);
    assert.deepEqual(await idsOf(`labels=private&user_id=${ada.userId}`, bob), []);
    const refusals = [
      errorOf(await read(grant.clientId, bob)),
      errorOf(await remove(grant.clientId, bob)),
      errorOf(await read('00000000-0000-0000-0000-000000000001', bob)),
      errorOf(await read('nonsense', bob)),
    ];
    for (const { status, code, codeDesc } of refusals) {
      assert.deepEqual([status, code, codeDesc], [404, 16, 'NCERRResourceNotFound: Resource not found']);
    }
    assert.deepEqual(await idsOf('labels=private'), [grant.clientId]);
    ok(await dialect.refresh(grant.refreshToken));
    assert.equal((await remove(grant.clientId)).status, 204);
    assert.deepEqual(errorOf(await dialect.refresh(grant.refreshToken)), invalidToken);
  });

  test('deleting is 204 without a body and kills token and JWT at once; again it is 404', async () => {
    const grant = await own();
    const renewed = readGrant(await dialect.renew(grant.refreshToken));
    const answer = await remove(grant.clientId, ada);
    assert.deepEqual([answer.status, answer.text], [204, '']);
    assert.deepEqual(errorOf(await dialect.refresh(renewed.refreshToken)), invalidToken);
    for (const { jwt } of [grant, renewed]) {
      assert.deepEqual(errorOf(await dialect.api.get('/api/v1/auth/self/user', { jwt })), revokedApiToken);
    }
    assert.equal(errorOf(await remove(grant.clientId, ada)).status, 404);
  });

  test('a token cannot be changed: PATCH is 405 and says what is allowed', async () => {
    const grant = await own();
    const answer = await dialect.api.patch(
      `${tokensPath}/${grant.clientId}`,
      { labels: ['x'] },
      { jwt: grant.jwt },
    );
    assert.equal(errorOf(answer).status, 405);
    assert.match(answer.headers.get('allow') ?? '', /GET/);
    assert.match(answer.headers.get('allow') ?? '', /DELETE/);
  });
});
