/** API tokens and the keys that sign them: an idle year does not make renewal impossible. On both engines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSets } from '../../../src/app/access-token-formats.ts';
import { keyUses } from '../../../src/app/key-uses.ts';
import { nectarFormats } from '../../../src/dialects/nectar/claims.ts';
import { nectarKeys } from '../../../src/dialects/nectar/key-use.ts';
import { defaultOptions } from '../../../src/dialects/nectar/options.ts';
import { removeSigningKey, replaceSigningKey } from '../../../src/operations/replace-signing-key.ts';
import { publicKeys } from '../../../src/operations/signing-keys.ts';
import { sweep } from '../../../src/operations/sweep.ts';
import { tokenLives } from '../../../src/operations/token-lives.ts';
import { findApiToken } from '../../../src/store/api-tokens.ts';
import { listAudit } from '../../../src/store/audit.ts';
import { day, hour, minute, onEachEngine, type World } from '../nebularstack/fixture.ts';

const by = { origin: { requestId: 'test', address: 'local' }, actorId: null };

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const kidOf = ({ accessToken }: Pair): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString()).kid;

async function generate(world: World, fields: object): Promise<Pair & { readonly id: string }> {
  const account = { username: 'admin', password: 'Aa1!-first-start' };
  const { jwt } = (await world.call('POST', '/api/v1/auth/tokens', account)).body;
  const headers = { authorization: `Bearer ${jwt}` };
  const { status, body } = await world.call('POST', '/account/v1/api-tokens', fields, headers);
  assert.equal(status, 201);
  return body;
}

const renew = ({ call }: World, { accessToken, refreshToken }: Pair) =>
  call('POST', '/aapi/jwt/token/renew', null, {
    authorization: `Bearer ${accessToken}`,
    'x-refresh-token': refreshToken,
  });

onEachEngine((world) => {
  const rotate = () =>
    replaceSigningKey(world().server.core, by, nectarKeys, { alg: null, start: 'at-once' });
  const sweepOnce = () =>
    sweep(world().server.core, {
      keyUses,
      tokenLives: tokenLives(formatSets(nectarFormats(defaultOptions)).flat(), 86_400),
    });
  const publishes = async (kid: string) =>
    (await publicKeys(world().server.core)).some((key) => key.kid === kid);

  test('a pair that its key has outlived is renewed all the same; calls with it are not taken, nor is the key published', async () => {
    const token = await generate(world(), { name: 'sleeper' });
    await rotate();
    world().pass(3 * day);
    await sweepOnce();
    world().pass(360 * day);
    await sweepOnce();
    assert.equal(await publishes(kidOf(token)), false);
    const { status } = await world().call('GET', '/account/v1/me', null, {
      authorization: `Bearer ${token.accessToken}`,
    });
    assert.equal(status, 401);
    const renewed = await renew(world(), token);
    assert.equal(renewed.status, 200);
    assert.notEqual(kidOf(renewed.body), kidOf(token));
    world().pass(2 * day);
    await sweepOnce();
    const { signingKeys } = await world().server.core.database.configuration();
    assert.ok(!signingKeys.some(({ kid }) => kid === kidOf(token)), 'the key stays though nobody needs it');
  });

  test('a key that an operator removes verifies nothing any more, renewals neither', async () => {
    const { core } = world().server;
    const token = await generate(world(), { name: 'leaked' });
    await rotate();
    world().pass(3 * day);
    await sweepOnce();
    await removeSigningKey(core, by, nectarKeys, kidOf(token));
    assert.equal((await renew(world(), token)).status, 401);
  });

  test('one that is past its life is said to have expired, once, and goes after ninety days', async () => {
    const { core } = world().server;
    const token = await generate(world(), { name: 'for a day', validityDays: 1 });
    const told = async () =>
      (await listAudit(core.database, { action: 'api_token_expired', target: token.id, skip: 0, limit: 9 }))
        .total;
    world().pass(23 * hour);
    await sweepOnce();
    assert.equal(await told(), 0);
    world().pass(hour + minute);
    await sweepOnce();
    await sweepOnce();
    assert.equal(await told(), 1);
    world().pass(89 * day);
    await sweepOnce();
    assert.equal((await findApiToken(core.database, token.id as never))?.name, 'for a day');
    world().pass(2 * day);
    await sweepOnce();
    assert.equal(await findApiToken(core.database, token.id as never), null);
  });
});
