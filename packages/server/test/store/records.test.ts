/** Policies, settings, keys, the installation, the audit log and counters as records. On both engines. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AuditEntry } from '../../src/domain/audit.ts';
import { countGuess as decideGuess, type GuessCounter } from '../../src/domain/guessing.ts';
import { defaultPolicy, type PasswordPolicy } from '../../src/domain/password-policy.ts';
import { insertAudit, listAudit, sweepAudit } from '../../src/store/audit.ts';
import { DuplicateRow, WriteConflict } from '../../src/store/database.ts';
import { clearGuess, countGuess, readGuesses, sweepGuesses } from '../../src/store/guesses.ts';
import { insertInstallation, readInstallation } from '../../src/store/installation.ts';
import {
  deletePolicy,
  findPolicy,
  insertPolicy,
  listPolicies,
  updatePolicy,
} from '../../src/store/password-policies.ts';
import { setSetting } from '../../src/store/settings.ts';
import { deleteSigningKeys, insertSigningKey, retireSigningKey } from '../../src/store/signing-keys.ts';
import { onBothEngines } from './engines.ts';
import { aSigningKey, startMs } from './records.ts';

const anEntry = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
  atMs: startMs,
  action: 'sign_in',
  outcome: 'refused',
  reason: 'unknown_user',
  actorId: null,
  target: randomUUID(),
  requestId: randomUUID(),
  address: '192.0.2.7',
  detail: { connection: 'local' },
  ...changes,
});

onBothEngines('records', (store) => {
  test('an installation is written once', async () => {
    const { db } = store;
    assert.equal(await readInstallation(db), null);
    const installation = { id: randomUUID(), createdAtMs: startMs, masterKeyCheck: 'check' };
    await db.write([insertInstallation(db, installation)]);
    assert.deepEqual(await readInstallation(db), installation);
    await assert.rejects(
      db.write([insertInstallation(db, { ...installation, id: randomUUID() })]),
      DuplicateRow,
    );
  });

  test('a password policy is found by name; no name means the global one', async () => {
    const { db } = store;
    const times = { createdAtMs: startMs, updatedAtMs: startMs };
    const global: PasswordPolicy = { name: 'global', ...defaultPolicy, ...times };
    const strict: PasswordPolicy = { ...global, name: 'strict', lockoutThresholdsMinutes: [0, 5, 30] };
    assert.equal(await findPolicy(db, null), null);
    await db.write([insertPolicy(db, strict), insertPolicy(db, global)]);
    assert.deepEqual(await findPolicy(db, null), global);
    assert.deepEqual(await findPolicy(db, 'strict'), strict);
    assert.deepEqual(await listPolicies(db, { skip: 0, limit: 1 }), { rows: [global], total: 2 });
    await assert.rejects(db.write([insertPolicy(db, strict)]), DuplicateRow);
    await db.write([updatePolicy(db, { ...strict, minDigits: 3 })]);
    assert.equal((await findPolicy(db, 'strict'))?.minDigits, 3);
    await db.write([deletePolicy(db, 'strict')]);
    assert.equal(await findPolicy(db, 'strict'), null);
    await assert.rejects(db.write([deletePolicy(db, 'strict')]), WriteConflict);
  });

  test('settings and keys come with the configuration, newest key first; each change raises its version', async () => {
    const { db } = store;
    const [old, current] = [
      aSigningKey({ createdAtMs: startMs - 1 }),
      aSigningKey({ alg: 'HS256', publicJwk: null }),
    ];
    let { version } = await db.configuration();
    const after = async (writes: Parameters<typeof db.write>[0]) => {
      await db.write(writes);
      const configuration = await db.configuration();
      assert.ok(configuration.version > version);
      version = configuration.version;
      return configuration;
    };
    await after(setSetting(db, 'A', '1'));
    assert.deepEqual([...(await after(setSetting(db, 'A', ''))).settings], [['A', '']]);
    await after(insertSigningKey(db, old));
    assert.deepEqual((await after(insertSigningKey(db, current))).signingKeys, [current, old]);
    const retired = await after(retireSigningKey(db, old.kid, startMs, startMs + 5));
    assert.deepEqual(retired.signingKeys[1], { ...old, retiredAtMs: startMs, removedAtMs: startMs + 5 });
    await assert.rejects(db.write(retireSigningKey(db, old.kid, startMs, startMs)), WriteConflict);
    assert.equal((await after(deleteSigningKeys(db, startMs + 5))).signingKeys.length, 2);
    assert.deepEqual((await after(deleteSigningKeys(db, startMs + 6))).signingKeys, [current]);
  });

  test('audit entries are listed newest first, by action and by target', async () => {
    const { db } = store;
    const target = randomUUID();
    const entries = [
      anEntry({ target }),
      anEntry({ target, action: 'refresh', outcome: 'done', reason: null }),
      anEntry(),
    ];
    for (const entry of entries) await db.write([insertAudit(db, entry)]);
    const list = (filter: object) =>
      listAudit(db, { action: null, target: null, skip: 0, limit: 2, ...filter });
    assert.deepEqual((await list({})).rows, [entries[2], entries[1]]);
    assert.deepEqual(await list({ target }), { rows: [entries[1], entries[0]], total: 2 });
    assert.deepEqual(await list({ action: 'refresh' }), { rows: [entries[1]], total: 1 });
    assert.deepEqual(await list({ target, skip: 1 }), { rows: [entries[0]], total: 2 });
  });

  test('old audit entries are swept in batches', async () => {
    const { db } = store;
    await db.write(
      [1, 2, 3, 4, 5].map((atMs) =>
        insertAudit(db, anEntry({ atMs: startMs + atMs, action: 'domain_created' })),
      ),
    );
    await sweepAudit(db, { beforeMs: startMs + 4, batch: 2 });
    const { rows } = await listAudit(db, { action: 'domain_created', target: null, skip: 0, limit: 9 });
    assert.deepEqual(
      rows.map(({ atMs }) => atMs - startMs),
      [5, 4],
    );
  });

  test('a failure is counted in the database exactly as the domain counts it', async () => {
    const { db } = store;
    const limits = fc.record({
      failures: fc.integer({ min: 1, max: 4 }),
      windowMs: fc.integer({ min: 1, max: 1000 }),
      firstLockMs: fc.integer({ min: 1, max: 1_000_000 }),
      longestLockMs: fc.integer({ min: 1, max: 100_000_000 }),
    });
    const pauses = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 2_000_000 })),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(limits, pauses, async (limit, waits) => {
        const key = randomUUID();
        let nowMs = startMs;
        let expected: GuessCounter | null = null;
        for (const waitMs of waits) {
          nowMs += waitMs;
          expected = decideGuess(expected, limit, nowMs);
          await db.write([countGuess(db, key, limit, nowMs)]);
          assert.deepEqual((await readGuesses(db, [key])).get(key), expected);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('failures counted at once are all counted', async () => {
    const { db } = store;
    const key = randomUUID();
    const limit = { failures: 1000, windowMs: 1000, firstLockMs: 1, longestLockMs: 1 };
    await Promise.all(Array.from({ length: 30 }, () => db.write([countGuess(db, key, limit, startMs)])));
    assert.equal((await readGuesses(db, [key, 'absent'])).get(key)?.failures, 30);
    await db.write([clearGuess(db, key)]);
    assert.equal((await readGuesses(db, [key])).size, 0);
    assert.equal((await readGuesses(db, [])).size, 0);
  });

  test('counters are swept once they mean nothing', async () => {
    const { db } = store;
    const key = randomUUID();
    const limit = { failures: 5, windowMs: 100, firstLockMs: 10, longestLockMs: 50 };
    await db.write([countGuess(db, key, limit, startMs)]);
    await sweepGuesses(db, startMs + 149);
    assert.equal((await readGuesses(db, [key])).size, 1);
    await sweepGuesses(db, startMs + 150);
    assert.equal((await readGuesses(db, [key])).size, 0);
  });
});
