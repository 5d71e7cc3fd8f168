/** How requests name an account and its domain. @module */
import { usualGuessLimits } from '../../domain/guessing.ts';
import { ProblemError } from '../../domain/problem.ts';
import type { PasswordProof } from '../../operations/check-password.ts';
import { coreConnection } from './wire.ts';

export interface AccountFields {
  readonly username?: string;
  /** Alias of `username`, which wins. */
  readonly name?: string;
  readonly connection?: string;
  readonly auth_domain?: string;
  /** Alias of `auth_domain`, which wins. */
  readonly auth_domain_path?: string;
}

/** An account as operations take it. */
export interface NamedAccount {
  /** Name or id; null: root. */
  readonly domain: string | null;
  readonly connection: string;
  readonly username: string;
}

/** What every password of this dialect is proved by. */
export const proofRules: Pick<PasswordProof, 'secondFactor' | 'guessLimits'> = {
  secondFactor: 'demanded',
  guessLimits: usualGuessLimits,
};

/**
 * A connection before a `|` in the username overrides the field.
 *
 * @throws {ProblemError} `malformed` without a username
 */
export function readAccount(fields: AccountFields): NamedAccount {
  const written = fields.username ?? fields.name ?? '';
  const bar = written.indexOf('|');
  const username = written.slice(bar + 1);
  if (username === '') throw missing('username');
  const prefix = bar > 0 ? written.slice(0, bar) : null;
  return {
    domain: fields.auth_domain ?? fields.auth_domain_path ?? null,
    connection: coreConnection(prefix ?? fields.connection ?? 'local_account'),
    username,
  };
}

/** A field that this request cannot do without. */
export function missing(field: string): ProblemError {
  return new ProblemError({
    kind: 'malformed',
    reason: 'missing_field',
    field,
    message: `${field} is missing.`,
  });
}
