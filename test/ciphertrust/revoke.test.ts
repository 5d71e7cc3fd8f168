/** Revoking: `POST /auth/revoke`. Spec ciphertrust §8; acceptance 15. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import {
  day,
  errorOf,
  type Grant,
  invalidToken,
  minute,
  ok,
  onEachEngine,
  readGrant,
  revokedApiToken,
  wrongPassword,
} from './dialect.ts';

onEachEngine((dialect) => {
  const revoke = (body: object): Promise<Answer> => dialect.api.post('/api/v1/auth/revoke', body);
  const byClient = ({ refreshToken: token, clientId }: Grant): Promise<Answer> =>
    revoke({ token, client_id: clientId });

  async function assertDead(grant: Grant): Promise<void> {
    assert.deepEqual(errorOf(await dialect.refresh(grant.refreshToken)), invalidToken);
    const self = await dialect.api.get('/api/v1/auth/self/user', { jwt: grant.jwt });
    assert.deepEqual(errorOf(self), revokedApiToken);
  }

  function assertDone(answer: Answer): void {
    assert.deepEqual([answer.status, answer.text], [204, '']);
  }

  test('with the client id is 204 without a body, again 204, and kills the token and its JWTs at once', async () => {
    const grant = await dialect.grant();
    assert.equal(await dialect.statusWith(grant.jwt), 200);
    assertDone(await byClient(grant));
    await assertDead(grant);
    assertDone(await byClient(grant));
  });

  describe('with the user’s credentials is 204 and again 204:', () => {
    const proofs: readonly [name: string, username: string, more: object][] = [
      ['username and password', 'admin', {}],
      ['with the connection', 'admin', { connection: 'local_account' }],
      ['with the connection in the name', 'local_account|admin', {}],
      ['with the domain of the account', 'admin', { auth_domain: 'root' }],
    ];
    for (const [name, username, more] of proofs) {
      test(name, async () => {
        const grant = await dialect.grant();
        const proof = {
          token: grant.refreshToken,
          username,
          password: dialect.server.adminPassword,
          ...more,
        };
        assertDone(await revoke(proof));
        await assertDead(grant);
        assertDone(await revoke(proof));
      });
    }
  });

  test('is understood as a form, with and without a slash at the end', async () => {
    for (const path of ['/api/v1/auth/revoke', '/api/v1/auth/revoke/']) {
      const grant = await dialect.grant();
      const form = new URLSearchParams({ token: grant.refreshToken, client_id: grant.clientId }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Bearer ' };
      assertDone(await dialect.api.post(path, form, { headers }));
      await assertDead(grant);
    }
  });

  test('ends the one session and no other of that user', async () => {
    const [grant, bystander] = [await dialect.grant(), await dialect.grant()];
    assertDone(await byClient(grant));
    ok(await dialect.refresh(bystander.refreshToken));
    assert.equal(await dialect.statusWith(bystander.jwt), 200);
  });

  test('of a spent generation with the right proof ends the session too', async () => {
    const grant = await dialect.grant();
    const renewed = readGrant(await dialect.renew(grant.refreshToken));
    assertDone(await byClient(grant));
    await assertDead(renewed);
  });

  test('of an expired token is 204', async () => {
    const grant = await dialect.grant({ refresh_token_lifetime: 60 });
    dialect.server.advance(61 * minute);
    assertDone(await byClient(grant));
  });

  test('with a wrong client id, of an unknown or malformed token, or of another’s: one and the same refusal', async () => {
    const [user, grant] = [await dialect.createUser(), await dialect.grant()];
    const { refreshToken: token, clientId } = grant;
    const stranger = { username: user.username, password: user.password };
    const refusals = [
      await revoke({ token, client_id: '00000000-0000-0000-0000-000000000001' }),
      await revoke({ token, client_id: 'nonsense' }),
      await revoke({ token: 'z'.repeat(64), client_id: clientId }),
      await revoke({ token: token.slice(0, 63), client_id: clientId }),
      await revoke({ token: 'x', ...stranger }),
      await revoke({ token, ...stranger }),
    ];
    for (const refusal of refusals) assert.deepEqual(errorOf(refusal), invalidToken);
    ok(await dialect.refresh(token));
    assert.equal(await dialect.statusWith(grant.jwt), 200);
  });

  test('with wrong credentials is refused before the token is looked at', async () => {
    const { refreshToken: token } = await dialect.grant();
    for (const presented of [token, 'z'.repeat(64), 'x']) {
      const refusal = await revoke({ token: presented, username: 'admin', password: 'Wrong-pass1' });
      assert.deepEqual(errorOf(refusal), wrongPassword);
    }
    ok(await dialect.refresh(token));
  });

  test('without a proof or without a token is 400 code 15', async () => {
    const { refreshToken: token, clientId } = await dialect.grant();
    for (const body of [{ token }, { token, username: 'admin' }, { client_id: clientId }, {}]) {
      const refusal = errorOf(await revoke(body));
      assert.deepEqual([refusal.status, refusal.code], [400, 15], JSON.stringify(body));
    }
    ok(await dialect.refresh(token));
  });

  test('wins against renewals that run at the same time: nothing of the session works afterwards', async () => {
    const grant = await dialect.grant();
    const [, ...answers] = await Promise.all([
      byClient(grant),
      ...Array.from({ length: 20 }, () => dialect.renew(grant.refreshToken)),
    ]);
    for (const answer of answers) {
      if (answer.status === 200) await assertDead(readGrant(answer));
      else assert.deepEqual(errorOf(answer), invalidToken);
    }
    await assertDead(grant);
  });

  test('is forgotten 30 days later: the same proof is then "Invalid token" or still 204, never more', async () => {
    const grant = await dialect.grant();
    assertDone(await byClient(grant));
    dialect.server.advance(31 * day);
    const again = await byClient(grant);
    if (again.status !== 204) assert.deepEqual(errorOf(again), invalidToken);
    assert.deepEqual(errorOf(await dialect.refresh(grant.refreshToken)), invalidToken);
  });
});
