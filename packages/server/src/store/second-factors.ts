/** Second factors and recovery codes in the database. Using either is one statement, so that of two at once only one does. @module */
import type { UserId } from '../domain/ids.ts';
import type { SecondFactor } from '../domain/second-factor.ts';
import type { Database, Write } from './database.ts';
import { changesAny, changesOne } from './write.ts';

export async function findSecondFactor(db: Database, userId: UserId): Promise<SecondFactor | null> {
  const query = db.queries.selectFrom('second_factors').selectAll().where('user_id', '=', userId);
  const [row] = await db.read(query);
  if (row === undefined) return null;
  return {
    userId: row.user_id,
    state: row.state,
    sealedSecret: row.sealed_secret,
    lastStep: row.last_step,
    createdAtMs: row.created_at_ms,
  };
}

/**
 * Keeps a new secret in place of one that was never used; an active one stays.
 *
 * @throws {WriteConflict} on execution, when the user has an active second factor
 */
export function insertPendingFactor(db: Database, factor: SecondFactor): Write {
  const { sealedSecret, lastStep, createdAtMs } = factor;
  const columns = {
    state: 'pending' as const,
    sealed_secret: sealedSecret,
    last_step: lastStep,
    created_at_ms: createdAtMs,
  };
  const insert = db.queries.insertInto('second_factors').values({ user_id: factor.userId, ...columns });
  return changesOne(
    insert.onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet(columns).where('second_factors.state', '=', 'pending'),
    ),
  );
}

/**
 * Makes a pending factor the one that is asked for, and spends the step that proved it.
 *
 * @throws {WriteConflict} on execution, when another secret took its place or it is active already
 */
export function activateFactor(db: Database, { userId, sealedSecret }: SecondFactor, step: number): Write {
  const update = db.queries.updateTable('second_factors').set({ state: 'active', last_step: step });
  return changesOne(
    update
      .where('user_id', '=', userId)
      .where('sealed_secret', '=', sealedSecret)
      .where('state', '=', 'pending')
      .where('last_step', '<', step),
  );
}

/**
 * Spends a step of the active factor, whoever asked for it and for what.
 *
 * @throws {WriteConflict} on execution, when this step or a later one was spent, or the secret is another by now
 */
export function spendStep(db: Database, { userId, sealedSecret }: SecondFactor, step: number): Write {
  const update = db.queries.updateTable('second_factors').set({ last_step: step });
  return changesOne(
    update
      .where('user_id', '=', userId)
      .where('sealed_secret', '=', sealedSecret)
      .where('state', '=', 'active')
      .where('last_step', '<', step),
  );
}

/** @throws {WriteConflict} on execution, when there is no such code of this user, or none any more */
export function spendRecoveryCode(db: Database, userId: UserId, hash: string): Write {
  return changesOne(
    db.queries.deleteFrom('recovery_codes').where('user_id', '=', userId).where('hash', '=', hash),
  );
}

/** The user's recovery codes are these and no others. */
export function replaceRecoveryCodes(db: Database, userId: UserId, hashes: readonly string[]): Write[] {
  const rows = hashes.map((hash) => ({ user_id: userId, hash }));
  return [forgetRecoveryCodes(db, userId), changesAny(db.queries.insertInto('recovery_codes').values(rows))];
}

/** Forgets the secret and the codes; whether a second factor is due is said by the user's own row. */
export function removeSecondFactor(db: Database, userId: UserId): Write[] {
  return [
    changesAny(db.queries.deleteFrom('second_factors').where('user_id', '=', userId)),
    forgetRecoveryCodes(db, userId),
  ];
}

function forgetRecoveryCodes(db: Database, userId: UserId): Write {
  return changesAny(db.queries.deleteFrom('recovery_codes').where('user_id', '=', userId));
}

/** How many codes were not used yet. */
export async function countRecoveryCodes(db: Database, userId: UserId): Promise<number> {
  const query = db.queries.selectFrom('recovery_codes').where('user_id', '=', userId);
  const [row] = await db.read(query.select((eb) => eb.fn.countAll<number>().as('total')));
  return row?.total ?? 0;
}
