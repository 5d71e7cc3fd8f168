/** Guarantees of backup and restore, with and without a running server. @module */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stepAt } from '../../src/domain/second-factor.ts';
import type { Session } from '../../src/domain/session.ts';
import { backupDatabase, restoreDatabase } from '../../src/store/backup.ts';
import { type Database, DatabaseRefused, WriteConflict } from '../../src/store/database.ts';
import { insertDomain } from '../../src/store/domains.ts';
import { insertInstallation } from '../../src/store/installation.ts';
import {
  activateFactor,
  insertPendingFactor,
  replaceRecoveryCodes,
  spendRecoveryCode,
  spendStep,
} from '../../src/store/second-factors.ts';
import { findSession, insertSession } from '../../src/store/sessions.ts';
import { setSetting } from '../../src/store/settings.ts';
import { deleteSigningKey, insertSigningKey } from '../../src/store/signing-keys.ts';
import { databaseFile } from '../../src/store/sqlite/file.ts';
import { changeUser, findUser, insertUser } from '../../src/store/users.ts';
import { freshPlace, type Place } from './engines.ts';
import { aSession, aSigningKey, aUser, rootDomain, startMs } from './records.ts';

const nowMs = startMs + 1000;
const places: Place[] = [];
const folder = mkdtempSync(join(tmpdir(), 'tessera-backups-'));
after(async () => {
  for (const place of places) await place.remove();
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
const backupFile = (): string => {
  count += 1;
  return join(folder, `backup-${count}.db`);
};

async function filledPlace(): Promise<{ place: Place; db: Database; session: Session }> {
  const place = await freshPlace('sqlite');
  places.push(place);
  const db = await place.open();
  const user = aUser();
  const session = aSession(user.id);
  await db.write([insertDomain(db, rootDomain), insertUser(db, user), insertSession(db, session)]);
  return { place, db, session };
}

const refusedWith = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof DatabaseRefused);
  assert.match(error.message, message);
  return true;
};

test('a backup made between writes is whole, private, and as of one moment', async () => {
  const { place, db, session } = await filledPlace();
  const to = backupFile();
  let isOver = false;
  const renewing = (async () => {
    for (let generation = 2; !isOver; generation += 1)
      await db.changeSession(session.id, (held) => ({
        session: { ...held.session, generation },
        result: null,
      }));
  })();
  // In another process, as from the command line.
  const script = fileURLToPath(new URL('backup-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, place.dataDir, to], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  isOver = true;
  await renewing;
  assert.equal(code, 0);
  assert.equal(statSync(to).mode & 0o077, 0);
  const copy = new DatabaseSync(to, { readOnly: true });
  assert.deepEqual(
    copy
      .prepare('pragma integrity_check')
      .all()
      .map((row) => row.integrity_check),
    ['ok'],
  );
  assert.equal(copy.prepare('select count(*) as n from sessions').get()?.n, 1);
  copy.close();
});

test('a backup replaces an older one only when it is whole', async () => {
  const { place } = await filledPlace();
  const to = backupFile();
  writeFileSync(to, 'older');
  const { message, bytes } = await backupDatabase({ dataDir: place.dataDir, to });
  assert.equal(statSync(to).size, bytes);
  assert.match(message, /Backed up .* to .*/);
  await assert.rejects(backupDatabase({ dataDir: folder, to }), refusedWith(/There is no database in/));
  assert.equal(statSync(to).size, bytes);
  const nowhere = join(folder, 'no such folder', 'backup.db');
  await assert.rejects(
    backupDatabase({ dataDir: place.dataDir, to: nowhere }),
    refusedWith(/could not be made/),
  );
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.unfinished')),
    [],
  );
});

test('a restore under a running server brings everything back, and ends the sessions', async () => {
  const { place, db, session } = await filledPlace();
  const from = backupFile();
  await db.write(setSetting(db, 'NAME', 'then'));
  await backupDatabase({ dataDir: place.dataDir, to: from });

  const later = aUser();
  await db.write([insertUser(db, later), ...setSetting(db, 'NAME', 'now')]);
  await changeUser(db, session.userId, (user) => ({ user: { ...user, enabled: false }, result: null }));
  const before = await db.findHeldSession(session.id);
  assert.equal(before?.held.holder.enabled, false);

  const { message } = await restoreDatabase({ dataDir: place.dataDir, from, keepSessions: 'end', nowMs });
  assert.match(message, /sign in again/);
  const found = await db.findHeldSession(session.id);
  assert.equal(found?.held.holder.enabled, true);
  assert.equal(found?.configuration.settings.get('NAME'), 'then');
  assert.ok(before && found.configuration.version > before.configuration.version);
  assert.equal(found.held.session.endReason, 'restored_from_backup');
  assert.equal(found.held.session.endedAtMs, nowMs);
  assert.equal(await findUser(db, later.id), null);
  assert.deepEqual(
    readdirSync(place.dataDir).filter((name) => name.includes('restore')),
    [],
  );
});

test('sessions live on when that is asked for', async () => {
  const { place, db, session } = await filledPlace();
  const from = backupFile();
  await backupDatabase({ dataDir: place.dataDir, to: from });
  await db.changeSession(session.id, (held) => ({
    session: { ...held.session, generation: 9 },
    result: null,
  }));
  await restoreDatabase({ dataDir: place.dataDir, from, keepSessions: 'keep', nowMs });
  assert.deepEqual(await findSession(db, session.id), session);
});

test('what was used up or removed since the backup does not come back', async () => {
  const { place, db, session } = await filledPlace();
  const { userId } = session;
  const factor = { userId, state: 'pending', sealedSecret: 's', lastStep: 0, createdAtMs: 0 } as const;
  const installation = { id: 'i', createdAtMs: startMs, masterKeyCheck: 'check' };
  const [stolen, good] = [aSigningKey(), aSigningKey()];
  await db.write([
    insertInstallation(db, installation),
    ...[stolen, good].flatMap((key) => insertSigningKey(db, key)),
    insertPendingFactor(db, factor),
    activateFactor(db, factor, stepAt(nowMs) - 9),
    ...replaceRecoveryCodes(db, userId, ['used', 'unused']),
  ]);
  const to = backupFile();
  await backupDatabase({ dataDir: place.dataDir, to });
  await db.write([
    spendRecoveryCode(db, userId, 'used'),
    spendStep(db, factor, stepAt(nowMs)),
    ...deleteSigningKey(db, stolen.kid),
  ]);
  await restoreDatabase({ dataDir: place.dataDir, from: to, keepSessions: 'end', nowMs });
  await assert.rejects(db.write([spendRecoveryCode(db, userId, 'used')]), WriteConflict);
  await assert.rejects(db.write([spendStep(db, factor, stepAt(nowMs) + 1)]), WriteConflict);
  await db.write([spendRecoveryCode(db, userId, 'unused'), spendStep(db, factor, stepAt(nowMs) + 2)]);
  assert.deepEqual(
    (await db.configuration()).signingKeys.map(({ kid }) => kid),
    [good.kid],
  );
});

test('a backup is restored into an empty directory', async () => {
  const { place, session } = await filledPlace();
  const from = backupFile();
  await backupDatabase({ dataDir: place.dataDir, to: from });
  const fresh = await freshPlace('sqlite');
  places.push(fresh);
  const dataDir = join(fresh.dataDir, 'new');
  await restoreDatabase({ dataDir, from, keepSessions: 'keep', nowMs });
  const copy = new DatabaseSync(databaseFile(dataDir));
  assert.equal(copy.prepare('select id from sessions').get()?.id, session.id);
  copy.close();
});

test('what is no whole backup of this version is refused, and nothing has changed', async () => {
  const { place, db, session } = await filledPlace();
  const good = backupFile();
  await backupDatabase({ dataDir: place.dataDir, to: good });
  const content = readFileSync(good);
  const restore = (from: string) =>
    restoreDatabase({ dataDir: place.dataDir, from, keepSessions: 'end', nowMs });
  const spoilt = (spoil: (file: string) => void): string => {
    const file = backupFile();
    copyFileSync(good, file);
    spoil(file);
    return file;
  };
  const sql = (text: string) => (file: string) => {
    const connection = new DatabaseSync(file);
    connection.exec(text);
    connection.close();
  };
  const refused: [string, RegExp][] = [
    [join(folder, 'absent.db'), /There is no file/],
    [spoilt((file) => truncateSync(file, content.length / 2)), /is damaged/],
    [spoilt((file) => truncateSync(file, content.length - 4096)), /is damaged/],
    [spoilt((file) => truncateSync(file, 0)), /is not a backup of a Tessera database/],
    [spoilt((file) => writeFileSync(file, 'not a database at all'.repeat(100))), /not a backup/],
    [spoilt(sql('pragma application_id = 7')), /is not a backup of a Tessera database/],
    [spoilt(sql("insert into migrations (name, applied_at_ms) values ('9999-future', 0)")), /newer Tessera/],
  ];
  for (const [file, message] of refused) {
    const before = existsSync(file) ? readFileSync(file) : null;
    await assert.rejects(restore(file), refusedWith(message));
    if (before !== null) assert.deepEqual(readFileSync(file), before, 'the file given is not touched');
  }
  assert.equal((await findSession(db, session.id))?.endedAtMs, null);
});

test('a restore that is killed leaves either the old data or the new, never a mixture', async () => {
  const { place, db, session } = await filledPlace();
  const user = aUser();
  await db.write([
    insertUser(db, user),
    ...Array.from({ length: 500 }, () => insertSession(db, aSession(user.id))),
  ]);
  const from = backupFile();
  await backupDatabase({ dataDir: place.dataDir, to: from });
  await db.write([insertUser(db, aUser())]);
  const script = fileURLToPath(new URL('restore-process.ts', import.meta.url));
  for (const delayMs of [0, 5, 10, 20]) {
    const child = spawn(process.execPath, [script, place.dataDir, from], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    setTimeout(() => child.kill('SIGKILL'), delayMs);
    await exited;
    const users = (await db.read(db.queries.selectFrom('users').select('id'))).length;
    const sessions = await db.read(db.queries.selectFrom('sessions').select('ended_at_ms'));
    const ended = sessions.filter((row) => row.ended_at_ms !== null).length;
    assert.equal(sessions.length, 501);
    assert.deepEqual([users, ended], users === 3 ? [3, 0] : [2, 501]);
    assert.ok(await findSession(db, session.id));
  }
});
