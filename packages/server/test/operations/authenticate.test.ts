/** Callers are proved by the keys of this moment, whichever process changed them. On both engines. @module */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createSealer } from '../../src/crypto/sealing.ts';
import type { KeyUse } from '../../src/domain/signing-key.ts';
import { type AccessTokenFormat, mint } from '../../src/operations/access-token.ts';
import { authenticate } from '../../src/operations/authenticate.ts';
import { configured } from '../../src/operations/configured.ts';
import type { Core } from '../../src/operations/core.ts';
import { removeSigningKey, replaceSigningKey } from '../../src/operations/replace-signing-key.ts';
import { ensureSigningKeys, listSigningKeys } from '../../src/operations/signing-keys.ts';
import type { Database } from '../../src/store/database.ts';
import { openDatabaseBeside } from '../../src/store/open-beside.ts';
import { insertSession } from '../../src/store/sessions.ts';
import { insertUser } from '../../src/store/users.ts';
import { onBothEngines } from '../store/engines.ts';
import { aSession, aUser, startMs } from '../store/records.ts';
import { outcomeOf } from './manage-fixture.ts';

const face = 'test';
const format: AccessTokenFormat = {
  face,
  keyUse: 'access',
  lifetime: { kind: 'fixed', seconds: 300 },
  entry: 'home-or-role',
  lostScope: 'session_ended',
  checks: { audience: 'installation', expiry: 'required', lateSeconds: 0, keys: 'verifying' },
  recordUseEverySeconds: null,
  claims: ({ issuer, audience, session, tokenId, expiresAtSeconds }) => ({
    iss: issuer,
    aud: audience,
    sid: session.id,
    jti: tokenId,
    exp: expiresAtSeconds,
  }),
  read: () => 'session',
};
const keys: KeyUse = {
  use: format.keyUse,
  algorithms: ['ES256'],
  certificate: 'none',
  tokenLifetimeSeconds: 300,
  publishedAheadSeconds: 0,
  facesWithoutExpiry: [],
  facesRenewedByToken: [],
};
const by = { origin: { requestId: 'test', address: 'local' }, actorId: null };
const masterKey = randomBytes(32);

function coreOf(database: Database): Core {
  return {
    database,
    clock: () => startMs,
    passwords: null as never,
    refreshTokens: null as never,
    sealer: createSealer({ derive: () => masterKey }),
    issuer: 'https://tessera.test',
    audience: 'tests',
    log: () => {},
  };
}

/** A token by the key that signs now. */
async function newToken(core: Core): Promise<string> {
  const user = aUser();
  const session = aSession(user.id, { face });
  await core.database.write([insertUser(core.database, user), insertSession(core.database, session)]);
  const found = await core.database.findHeldSession(session.id);
  assert.ok(found);
  const rules = configured(core, found.configuration);
  const occasion = { parentTokenId: null, expiresAtSeconds: startMs / 1000 + 300 };
  return mint(core, rules, format, found.held, occasion, startMs).text;
}

onBothEngines('a caller', (store) => {
  const outcome = (core: Core, token: string) => outcomeOf(authenticate(core, [format], token, 'local'));

  test('is proved by a key that another process made, and by none that it removed, from the next request on', async () => {
    const core = coreOf(store.db);
    await ensureSigningKeys(core, [keys]);
    const [first] = (await listSigningKeys(core, keys, { skip: 0, limit: 1 })).rows;
    assert.ok(first);
    const old = await newToken(core);
    assert.equal(await outcome(core, old), 'done');
    const { url, dataDir } = store.place;
    const beside = coreOf(await openDatabaseBeside({ url, dataDir, log: () => {}, clock: () => startMs }));
    await replaceSigningKey(beside, by, keys, { alg: null, start: 'at-once' });
    const fresh = await newToken(beside);
    assert.equal(await outcome(core, fresh), 'done', 'this server has not read the new key before');
    assert.equal(await outcome(core, old), 'done');
    await removeSigningKey(beside, by, keys, first.kid);
    assert.equal(await outcome(core, old), 'unauthenticated', 'this server remembers the removed key');
    assert.equal(await outcome(core, fresh), 'done');
    await beside.database.close();
  });

  test('with a token that nobody signed is refused, whatever is remembered', async () => {
    const core = coreOf(store.db);
    await ensureSigningKeys(core, [keys]);
    const stranger = coreOf(store.db);
    const token = await newToken(stranger);
    const [head, body] = token.split('.');
    const forged = `${head}.${body}.${randomBytes(64).toString('base64url')}`;
    assert.equal(await outcome(core, forged), 'unauthenticated');
    assert.equal(await outcome(core, randomUUID()), 'unauthenticated');
  });
});
