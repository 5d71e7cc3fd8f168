/** The two halves of a restore: is this copy fit, and put its content in place of the old. @module */
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { stepAt, stepTolerance } from '../../domain/second-factor.ts';
import { DatabaseRefused, DatabaseUnavailable } from '../database.ts';
import { translateError } from './errors.ts';
import { isOurs, migrate, openFile } from './file.ts';

/**
 * Checks a copy of a backup, and brings it to the newest shape.
 *
 * @param name what to call it in messages
 * @throws {DatabaseRefused}
 */
export function prepareReplacement(copy: string, name: string, nowMs: number): void {
  let connection: DatabaseSync | null = null;
  try {
    connection = new DatabaseSync(copy);
    if (!isOurs(connection)) throw new DatabaseRefused(`${name} is not a backup of a Tessera database.`);
    const [first] = connection.prepare('pragma integrity_check(1)').all() as { integrity_check: string }[];
    if (first?.integrity_check !== 'ok') throw new DatabaseRefused(`${name} is damaged.`);
    migrate(connection, nowMs);
  } catch (thrown) {
    const error = translateError(thrown);
    if (!(error instanceof DatabaseUnavailable)) throw error;
    throw new DatabaseRefused(`${name} is damaged, or not a backup of a Tessera database.`, { cause: error });
  } finally {
    connection?.close();
  }
}

/** Replaces all rows of the database by those of the prepared copy, in one transaction. */
export function replaceContent(file: string, copy: string, sessions: 'end' | 'keep', nowMs: number): void {
  const connection = openFile(file);
  try {
    // The server writes in between, never for long.
    connection.exec('pragma busy_timeout = 10000; pragma foreign_keys = off');
    migrate(connection, nowMs);
    connection.prepare('attach ? as backup').run(copy);
    connection.exec('begin immediate');
    const version = versionOf(connection);
    forgetWhatWasUsed(connection);
    keepDenials(connection);
    const kept = hasKeysToKeep(connection) ? 'signing_keys' : null;
    for (const table of tablesOf(connection).filter((name) => name !== kept))
      connection.exec(`delete from main.${table}; insert into main.${table} select * from backup.${table}`);
    // Whoever knows the configuration by its version must see that it is another one.
    connection.prepare('update main.configuration set version = max(version, ?) + 1').run(version);
    if (sessions === 'end') endSessions(connection, nowMs);
    spendSteps(connection, nowMs);
    beginNewFeed(connection, sessions, nowMs);
    connection.exec('commit');
  } finally {
    // Without a commit, closing undoes everything.
    connection.close();
  }
}

/** A recovery code that is gone here was used or replaced since the backup was made. */
function forgetWhatWasUsed(connection: DatabaseSync): void {
  connection.exec(`delete from backup.recovery_codes as old
    where exists (select 1 from main.second_factors where user_id = old.user_id)
    and not exists (select 1 from main.recovery_codes where user_id = old.user_id and hash = old.hash)`);
}

/** What was denied, revoked or granted since is so afterwards too, as far as the application is in the backup. */
function keepDenials(connection: DatabaseSync): void {
  const ofKnown = 'application_id in (select id from backup.applications)';
  connection.exec(`insert or ignore into backup.granted_tokens select * from main.granted_tokens where ${ofKnown};
    insert or ignore into backup.denied_tokens select * from main.denied_tokens where ${ofKnown};
    update backup.granted_tokens as old set denied_from_ms = new.denied_from_ms from main.granted_tokens as new
      where new.token_key = old.token_key and new.denied_from_ms is not null`);
}

/**
 * Guards begin anew with what is true now. A session that was opened since the backup is in no list any more: where sessions
 * end, everything issued until now counts as revoked.
 */
function beginNewFeed(connection: DatabaseSync, sessions: 'end' | 'keep', nowMs: number): void {
  connection.exec('delete from main.revocations');
  connection
    .prepare('update main.revocation_feed set epoch = ?, head = 0, issued_before_ms = ?')
    .run(randomUUID(), sessions === 'end' ? nowMs : null);
}

/** Nobody can say which one-time passwords were used since the backup was made: all that are good now count as used. */
function spendSteps(connection: DatabaseSync, nowMs: number): void {
  const newest = stepAt(nowMs) + stepTolerance;
  connection.prepare('update main.second_factors set last_step = max(last_step, ?)').run(newest);
}

/** Keys sealed by the same master key stay as they are: one that was removed since must verify nothing again. */
function hasKeysToKeep(connection: DatabaseSync): boolean {
  const text = `select 1 from main.installation join backup.installation as old using (id, master_key_check)
    where exists (select 1 from main.signing_keys)`;
  return connection.prepare(text).get() !== undefined;
}

function versionOf(connection: DatabaseSync): number {
  const row = connection.prepare('select version from main.configuration').get() as { version: number };
  return row.version;
}

function endSessions(connection: DatabaseSync, nowMs: number): void {
  const text = `update main.sessions set version = version + 1, ended_at_ms = ?, end_reason = 'restored_from_backup'
    where ended_at_ms is null`;
  connection.prepare(text).run(nowMs);
}

/** Both databases have the same ones, being of the same shape. */
function tablesOf(connection: DatabaseSync): string[] {
  const text = `select name from backup.sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'`;
  const rows = connection.prepare(text).all() as { name: string }[];
  return rows.map(({ name }) => name);
}
