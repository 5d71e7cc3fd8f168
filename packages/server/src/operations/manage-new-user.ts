/** A new account: what was given, and the defaults for the rest. @module */
import { randomUUID } from 'node:crypto';
import type { DomainId, UserId } from '../domain/ids.ts';
import { ProblemError } from '../domain/problem.ts';
import { blankUser, type User } from '../domain/user.ts';
import type { Core } from './core.ts';
import { type AccountFields, pickAccountFields } from './manage-account-fields.ts';
import { checkPassword, policyNamed } from './manage-passwords.ts';

export interface NewUser extends AccountFields {
  readonly username: string;
  /** Null only where no password sign-in is allowed. */
  readonly password: string | null;
  /** Only `local` until other connections are built. */
  readonly connection?: string;
}

/**
 * The account, checked as far as its password goes and not yet written.
 *
 * @throws {ProblemError} `malformed` without a password, `invalid_value` for one the policy does not accept
 */
export async function newUser(core: Core, domainId: DomainId, fields: NewUser): Promise<User> {
  const nowMs = core.clock();
  const blank = blankUser({ id: randomUUID() as UserId, domainId, username: fields.username }, nowMs);
  const user = { ...blank, ...pickAccountFields(fields) };
  const { password } = fields;
  if (password === null) {
    if (!user.allowedAuthMethods.includes('password')) return user;
    throw new ProblemError({
      kind: 'malformed',
      reason: 'missing_password',
      field: 'password',
      message: 'A password is missing: this user may sign in by password.',
    });
  }
  checkPassword(await policyNamed(core, user.passwordPolicy), password);
  return { ...user, passwordHash: await core.passwords.hash(password), passwordChangedAtMs: nowMs };
}
