/** PostgreSQL's and the connection's errors in the store's words. @module */
import pg from 'pg';
import { DatabaseRefused, DatabaseUnavailable, DuplicateRow, WriteConflict } from '../database.ts';

/** @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const uniqueViolation = '23505';
const foreignKeyViolation = '23503';
const invalidText = '22021';
/** Serialization failure and deadlock: whoever decides again gets through. */
const collisions = new Set(['40001', '40P01']);
/** Cancelled by a time limit, read-only, and whole classes: connection, login, resources, shutdown, system. */
const unavailable = /^(?:57014|25006|3D000|08|28|53|55|57P|58)/;

/** A conflict that is nobody's decision: the same again, later, may well succeed. */
export class Collision extends WriteConflict {}

/** What a caller of the store gets for an error of `pg`; what is not one is given back as it is. */
export function translateError(error: unknown): unknown {
  if (isOurs(error) || isDefect(error)) return error;
  if (!(error instanceof pg.DatabaseError))
    return new DatabaseUnavailable(`the connection to PostgreSQL failed${reasonOf(error)}`, { cause: error });
  const code = error.code ?? '';
  if (code === uniqueViolation) return new DuplicateRow('the row is there already', { cause: error });
  if (code === foreignKeyViolation)
    return new WriteConflict('a row that this one needs is gone', { cause: error });
  if (collisions.has(code)) return new Collision('two writes stood in each other’s way', { cause: error });
  if (unavailable.test(code))
    return new DatabaseUnavailable(`PostgreSQL cannot answer: ${error.message}`, { cause: error });
  return error;
}

/** The system's words; where several addresses were tried, it has only a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const reason = error.message || ('code' in error ? String(error.code) : '');
  return reason === '' ? '' : `: ${reason}`;
}

/** Whether a text held what no text in PostgreSQL can: nothing stored equals it. */
export function isImpossibleText(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === invalidText;
}

function isOurs(error: unknown): boolean {
  return (
    error instanceof WriteConflict ||
    error instanceof DuplicateRow ||
    error instanceof DatabaseUnavailable ||
    error instanceof DatabaseRefused
  );
}

function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}
