/** Whose tokens and sessions a caller sees and may end: their own; administrators those of users they administer. @module */
import { isUuid, type UserId } from '../domain/ids.ts';
import { ProblemError, refuse } from '../domain/problem.ts';
import { localConnection, type User } from '../domain/user.ts';
import { findUser, findUserByName } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { isOperator, requireAdministrator, requireAuthorityOver } from './manage-rights.ts';
import { findUserInside, outside, requireSayOver, requireWriter } from './tenancy-rights.ts';

/**
 * The user of this id, or of this name in the domain of the caller's token.
 *
 * @throws {ProblemError} `not_found`, alike for who is unknown and who is none of the caller's business
 */
export async function findSeenUser(core: Core, caller: Caller, idOrName: string): Promise<User> {
  const { domainId, homeDomainId } = caller.principal;
  const home = { domainId: domainId ?? homeDomainId, connection: localConnection };
  const user = isUuid(idOrName)
    ? await findUser(core.database, idOrName as UserId)
    : await findUserByName(core.database, { ...home, username: idOrName });
  if (user === null || !(await maySee(core, caller, user)))
    throw refuse('not_found', 'unknown_user', 'There is no such user');
  return user;
}

/** Whether what is the user's is the caller's business. */
export async function maySee(core: Core, caller: Caller, user: User): Promise<boolean> {
  const { principal } = caller;
  if (user.id === principal.userId) return true;
  if (principal.purpose !== 'interactive') return false;
  return (
    (await isAllowed(asGroupAdministrator(core, caller, user))) || isAllowed(asWriter(core, caller, user))
  );
}

/** `admin` in the domain of the token, over users at home there who hold no more; in root, over everybody. */
async function asGroupAdministrator(core: Core, caller: Caller, user: User): Promise<void> {
  requireAdministrator(caller);
  if (!isOperator(caller.principal) && user.domainId !== caller.principal.domainId) throw outside();
  await requireAuthorityOver(core, caller, user);
}

/** By roles that are held everywhere, in a domain or in a tenant. */
async function asWriter(core: Core, caller: Caller, user: User): Promise<void> {
  await findUserInside(core, requireWriter(caller), user.id);
  await requireSayOver(core, caller, user);
}

async function isAllowed(rule: Promise<void>): Promise<boolean> {
  try {
    await rule;
    return true;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}
