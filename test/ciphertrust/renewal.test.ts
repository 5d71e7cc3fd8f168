/** Renewal: races, lost answers, reuse. Spec ciphertrust §2.3; acceptance 7. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditEntries } from '../harness/stored.ts';
import {
  type Dialect,
  day,
  decodeJwt,
  errorOf,
  type Grant,
  hour,
  invalidToken,
  ok,
  onEachEngine,
  readGrant,
  revokedApiToken,
  second,
} from './dialect.ts';

onEachEngine((dialect) => {
  const renew = async ({ refreshToken }: Grant): Promise<Grant> =>
    readGrant(await dialect.renew(refreshToken));

  test('a renewal brings a new refresh token of the same session, by either flag', async () => {
    const grant = await dialect.grant({ labels: ['kept'] });
    const renewed = await renew(grant);
    assert.notEqual(renewed.refreshToken, grant.refreshToken);
    assert.equal(renewed.clientId, grant.clientId);
    assert.equal(decodeJwt(renewed.jwt).claims.sid, grant.clientId);
    const again = readGrant(await dialect.refresh(renewed.refreshToken, { issueRefreshToken: true }));
    assert.notEqual(again.refreshToken, renewed.refreshToken);
    ok(await dialect.refresh(again.refreshToken));
    const item = await dialect.api.get(`/api/v1/auth/tokens/${grant.clientId}`, { jwt: again.jwt });
    assert.deepEqual(ok(item).body.labels, ['kept']);
  });

  test('fifty renewals at once bring one and the same new token', async () => {
    const grant = await dialect.grant();
    const answers = await Promise.all(Array.from({ length: 50 }, () => dialect.renew(grant.refreshToken)));
    const tokens = new Set(answers.map((answer) => readGrant(answer).refreshToken));
    assert.equal(tokens.size, 1);
    const [successor = ''] = tokens;
    assert.notEqual(successor, grant.refreshToken);
    assert.equal(readGrant(await dialect.renew(grant.refreshToken)).refreshToken, successor);
    ok(await dialect.refresh(successor));
  });

  test('plain refreshes and renewals mixed never end the session', async () => {
    const grant = await dialect.grant();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        at % 2 === 0 ? dialect.renew(grant.refreshToken) : dialect.refresh(grant.refreshToken),
      ),
    );
    for (const answer of answers) ok(answer);
    ok(await dialect.refresh(grant.refreshToken));
  });

  describe('a client that lost the answer', () => {
    test('gets the same new token again within the grace, and a plain refresh still works', async () => {
      const grant = await dialect.grant();
      const renewed = await renew(grant);
      ok(await dialect.refresh(renewed.refreshToken));
      dialect.server.advance(20 * second);
      assert.equal((await renew(grant)).refreshToken, renewed.refreshToken);
      ok(await dialect.refresh(grant.refreshToken));
    });

    test('gets the same new token an hour later, when that was never used', async () => {
      const grant = await dialect.grant();
      const renewed = await renew(grant);
      dialect.server.advance(hour);
      assert.equal((await renew(grant)).refreshToken, renewed.refreshToken);
      ok(await dialect.refresh(grant.refreshToken));
      ok(await dialect.refresh(renewed.refreshToken));
    });

    test('is not waited for longer than a day', async () => {
      const grant = await dialect.grant();
      const renewed = await renew(grant);
      dialect.server.advance(day + second);
      await assertReuseEnds(dialect, grant, renewed);
    });
  });

  describe('a spent token ends the session', () => {
    test('once the new one was used and the grace is over: everything of it is dead, and audited', async () => {
      const grant = await dialect.grant();
      const renewed = await renew(grant);
      ok(await dialect.refresh(renewed.refreshToken));
      dialect.server.advance(31 * second);
      ok(await dialect.refresh(renewed.refreshToken));
      await assertReuseEnds(dialect, grant, renewed);
    });

    test('also when it is presented for a plain refresh', async () => {
      const grant = await dialect.grant();
      const renewed = await renew(grant);
      ok(await dialect.refresh(renewed.refreshToken));
      dialect.server.advance(31 * second);
      assert.deepEqual(errorOf(await dialect.refresh(grant.refreshToken)), invalidToken);
      assert.deepEqual(errorOf(await dialect.refresh(renewed.refreshToken)), invalidToken);
    });

    test('at any time when it is more than one generation old', async () => {
      const grant = await dialect.grant();
      const renewed = await renew(await renew(grant));
      await assertReuseEnds(dialect, grant, renewed);
    });

    test('however many present it at once', async () => {
      const grant = await dialect.grant();
      const renewed = await renew(await renew(grant));
      const answers = await Promise.all(Array.from({ length: 20 }, () => dialect.renew(grant.refreshToken)));
      for (const answer of answers) assert.deepEqual(errorOf(answer), invalidToken);
      assert.deepEqual(errorOf(await dialect.refresh(renewed.refreshToken)), invalidToken);
    });

    test('and no other session of the same user', async () => {
      const [grant, bystander] = [await dialect.grant(), await dialect.grant()];
      await renew(await renew(grant));
      assert.deepEqual(errorOf(await dialect.renew(grant.refreshToken)), invalidToken);
      ok(await dialect.refresh(bystander.refreshToken));
    });
  });

  test('the grace is as long as its property says', async () => {
    await dialect.setProperty('REFRESH_TOKEN_RENEWAL_GRACE', '0s');
    const grant = await dialect.grant();
    const renewed = await renew(grant);
    ok(await dialect.refresh(renewed.refreshToken));
    dialect.server.advance(second);
    assert.deepEqual(errorOf(await dialect.renew(grant.refreshToken)), invalidToken);
    await dialect.setProperty('REFRESH_TOKEN_RENEWAL_GRACE', '30s');
  });
});

/** The spent token is refused, and with it the newest token and every JWT of the session; the audit log says why. */
async function assertReuseEnds(dialect: Dialect, spent: Grant, newest: Grant): Promise<void> {
  const { jwt } = ok(await dialect.issue({ issueRefreshToken: false })).body;
  assert.equal(await dialect.statusWith(jwt), 200);
  assert.deepEqual(errorOf(await dialect.renew(spent.refreshToken)), invalidToken);
  assert.deepEqual(errorOf(await dialect.refresh(newest.refreshToken)), invalidToken);
  assert.deepEqual(errorOf(await dialect.renew(newest.refreshToken)), invalidToken);
  const self = await dialect.api.get('/api/v1/auth/self/user', { jwt: newest.jwt });
  if (decodeJwt(newest.jwt).claims.exp > decodeJwt(jwt).claims.iat)
    assert.deepEqual(errorOf(self), revokedApiToken);
  const reused = await auditEntries(dialect.server, 'refresh_token_reused');
  assert.ok(reused.some((entry) => JSON.stringify(entry).includes(spent.clientId)));
}
