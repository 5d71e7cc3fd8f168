/** Which dialect the login in a file is of. @module */
import { type Dialect, parseDialect } from '../program/dialect.ts';
import { type ConfigFile, valueIn } from './config-file.ts';

/** Null: the file holds no login and names no dialect. */
export function dialectIn(file: ConfigFile): Dialect | null {
  const named = valueIn(file, 'DIALECT');
  if (named !== null) return parseDialect(named);
  return valueIn(file, 'REFRESHTOKEN') === null ? null : 'ciphertrust';
}

/** Tokens and scopes of one dialect mean nothing in another. */
export function fitsDialect(file: ConfigFile, dialect: Dialect): boolean {
  return (dialectIn(file) ?? dialect) === dialect;
}
