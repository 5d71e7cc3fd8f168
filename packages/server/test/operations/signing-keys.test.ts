/** Signing keys from their first publication to their removal, with certificates of their own. @module */
import assert from 'node:assert/strict';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { importJwks, importVerificationKey, signToken, verifyToken } from '@tessera/token';
import { type KeyRing, openKeyRing } from '../../src/crypto/key-ring.ts';
import { createSealer } from '../../src/crypto/sealing.ts';
import type { KeyUse, SigningKeyRecord } from '../../src/domain/signing-key.ts';
import type { Core } from '../../src/operations/core.ts';
import { removeSigningKey, replaceSigningKey } from '../../src/operations/replace-signing-key.ts';
import { ensureSigningKeys, listSigningKeys, publicKeys } from '../../src/operations/signing-keys.ts';
import { sweepSigningKeys } from '../../src/operations/sweep-signing-keys.ts';
import { insertSession } from '../../src/store/sessions.ts';
import { aSession } from '../store/records.ts';
import { forEachDatabase } from './manage-fixture.ts';

const day = 86_400_000;
const by = { origin: { requestId: 'test', address: 'local' }, actorId: null };
const whenPublished = { alg: null, start: 'when-published' } as const;
const masterKey = randomBytes(32);
const sealer = createSealer({ derive: () => masterKey });
const face = 'without-expiry';

forEachDatabase((world) => {
  let core: Core;
  let keys: KeyUse;
  let uses = 0;

  beforeEach(async () => {
    core = { ...world().core, sealer };
    keys = {
      use: `use ${++uses}`,
      algorithms: ['ES256', 'RS256'],
      certificate: 'always',
      tokenLifetimeSeconds: 3600,
      publishedAheadSeconds: 300,
      facesRenewedByToken: [],
      facesWithoutExpiry: [face],
    };
    await ensureSigningKeys(core, [keys]);
  });

  const ring = async (): Promise<KeyRing> => {
    const { signingKeys } = await core.database.configuration();
    return openKeyRing(signingKeys, sealer, core.clock());
  };
  const signingKid = async (): Promise<string | null> =>
    (await ring()).current(keys.use, core.clock())?.kid ?? null;
  const onlyKey = async (): Promise<SigningKeyRecord> => {
    const [key] = (await listSigningKeys(core, keys, { skip: 0, limit: 9 })).rows;
    assert.ok(key);
    return key;
  };
  const verifies = async (kid: string): Promise<boolean> => (await ring()).find(kid) !== null;

  test('with the clock put back, or behind that of the server that made the first key, that key signs all the same', async () => {
    const { kid } = await onlyKey();
    await replaceSigningKey(core, by, keys, whenPublished);
    assert.equal((await ring()).current(keys.use, core.clock() - day)?.kid, kid);
  });

  test('the first key signs at once, and its certificate is for it, in force and published', async () => {
    const key = await onlyKey();
    assert.equal(await signingKid(), key.kid);
    const published = (await publicKeys(core)).find(({ kid }) => kid === key.kid) as Record<string, never>;
    const [der] = published.x5c as unknown as string[];
    const certificate = new X509Certificate(Buffer.from(der ?? '', 'base64'));
    assert.ok(certificate.verify(certificate.publicKey));
    assert.ok(certificate.publicKey.equals(importVerificationKey(published, { alg: key.alg }).keyObject));
    assert.equal(published['x5t#S256'], createHash('sha256').update(certificate.raw).digest('base64url'));
    assert.ok(certificate.validFromDate.getTime() <= core.clock());
    assert.ok(certificate.validToDate.getTime() > core.clock() + 3600 * day);
    assert.equal('d' in published, false);
  });

  test('an RSA key has 3072 bits and a certificate; a token of it verifies by what is published', async () => {
    const made = await replaceSigningKey(core, by, keys, { alg: 'RS256', start: 'at-once' });
    const key = (await ring()).current(keys.use, core.clock());
    assert.ok(key);
    assert.equal(key.keyObject.asymmetricKeyDetails?.modulusLength, 3072);
    const token = signToken(key, { iss: 'i', aud: 'a', exp: core.clock() / 1000 + 60 }, { typ: 'JWT' });
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    assert.deepEqual(header, {
      alg: 'RS256',
      typ: 'JWT',
      kid: made.kid,
      'x5t#S256': (made.publicJwk as Record<string, unknown>)['x5t#S256'],
    });
    const published = importJwks({ keys: await publicKeys(core) } as never);
    assert.equal(verifyToken(token, published, { nowSeconds: core.clock() / 1000 }).key.alg, 'RS256');
  });

  test('a new key is published before it signs, and the old one verifies until its tokens are past use', async () => {
    const old = await onlyKey();
    const made = await replaceSigningKey(core, by, keys, whenPublished);
    assert.equal(await signingKid(), old.kid);
    assert.ok((await publicKeys(core)).some(({ kid }) => kid === made.kid));
    world().pass(299_000);
    assert.equal(await signingKid(), old.kid);
    world().pass(1_000);
    assert.equal(await signingKid(), made.kid);
    world().pass(3_600_000);
    assert.ok(await verifies(old.kid));
    world().pass(60_000);
    assert.equal(await verifies(old.kid), false);
    assert.equal(await signingKid(), made.kid);
  });

  test('of rotations on top of each other every token’s key stays, and the newest signs in the end', async () => {
    const old = await onlyKey();
    const [second, third] = [
      await replaceSigningKey(core, by, keys, whenPublished),
      await replaceSigningKey(core, by, keys, { alg: 'RS256', start: 'at-once' }),
    ];
    assert.equal(await signingKid(), third.kid);
    world().pass(600_000);
    assert.equal(await signingKid(), third.kid);
    for (const { kid } of [old, second, third]) assert.ok(await verifies(kid));
  });

  test('of two rotations at once both are done, and one key signs', async () => {
    await Promise.all([1, 2].map(() => replaceSigningKey(core, by, keys, { alg: null, start: 'at-once' })));
    const { rows } = await listSigningKeys(core, keys, { skip: 0, limit: 9 });
    assert.equal(rows.length, 3);
    assert.equal(rows.filter(({ retiredAtMs }) => retiredAtMs === null).length, 1);
  });

  test('a removed key verifies nothing at once, and what was to follow it signs at once', async () => {
    const old = await onlyKey();
    const made = await replaceSigningKey(core, by, keys, whenPublished);
    await removeSigningKey(core, by, keys, old.kid);
    assert.equal(await verifies(old.kid), false);
    assert.equal(await signingKid(), made.kid);
  });

  test('when the only key is removed, another one signs at once', async () => {
    const old = await onlyKey();
    await removeSigningKey(core, by, keys, old.kid);
    const next = await onlyKey();
    assert.notEqual(next.kid, old.kid);
    assert.equal(next.alg, old.alg);
    assert.equal(await signingKid(), next.kid);
  });

  test('when a key is removed before it signs, somebody signs after its time as well', async () => {
    const made = await replaceSigningKey(core, by, keys, whenPublished);
    await removeSigningKey(core, by, keys, made.kid);
    world().pass(301_000);
    assert.notEqual(await signingKid(), null);
    assert.notEqual(await signingKid(), made.kid);
  });

  test('a key stays as long as a session is open whose token without expiry it may have signed', async () => {
    const old = await onlyKey();
    const user = await world().addUser();
    const session = aSession(user.id, { face, createdAtMs: core.clock() });
    await core.database.write([insertSession(core.database, session)]);
    world().pass(1000);
    await replaceSigningKey(core, by, keys, whenPublished);
    for (let days = 0; days < 5; days++) {
      await sweepSigningKeys(core, [keys]);
      assert.ok(await verifies(old.kid));
      world().pass(day);
    }
    const ended = core.database.queries.updateTable('sessions').set({ ended_at_ms: core.clock() });
    await core.database.write([{ query: ended.where('id', '=', session.id), mustChange: 'one' }]);
    for (let days = 0; days < 3; days++) {
      world().pass(day);
      await sweepSigningKeys(core, [keys]);
    }
    const { signingKeys } = await core.database.configuration();
    assert.equal(
      signingKeys.some(({ kid }) => kid === old.kid),
      false,
    );
  });

  test('a secret is never published', async () => {
    const hmac: KeyUse = { ...keys, use: `hmac ${uses}`, algorithms: ['HS256'], certificate: 'none' };
    await ensureSigningKeys(core, [hmac]);
    const [key] = (await listSigningKeys(core, hmac, { skip: 0, limit: 1 })).rows;
    assert.ok(key);
    for (const jwk of await publicKeys(core)) {
      assert.notEqual(jwk.kid, key.kid);
      assert.notEqual(jwk.kty, 'oct');
    }
  });
});
