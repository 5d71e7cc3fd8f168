/** Proves a user by name and password alone, for one request: HTTP Basic, for accounts that nothing more is asked of. @module */
import { usualGuessLimits } from '../domain/guessing.ts';
import { rootDomainId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { hasSecondFactor } from '../domain/second-factor.ts';
import { localConnection, type User } from '../domain/user.ts';
import { findDomain } from '../store/domains.ts';
import { isKeptElsewhere } from '../store/users.ts';
import { audit } from './audit.ts';
import { checkPassword } from './check-password.ts';
import type { Core, Origin } from './core.ts';
import { countFailedAttempt, guessKeysOf } from './guesses.ts';

export interface BasicCredential {
  /** Name or id of the domain that the account lives in; null: the root domain. */
  readonly domain: string | null;
  readonly username: string;
  readonly password: string;
}

export interface BasicUser {
  readonly userId: string;
  readonly username: string;
  /** Those of the home domain. */
  readonly roles: readonly string[];
}

/**
 * Whatever is wrong: the same refusal, after the same work, counted like a wrong password; the audit log has the reason.
 *
 * @throws {ProblemError} `wrong_credentials`, `too_many_attempts`, `unavailable`
 */
export async function checkBasic(
  core: Core,
  { domain, username, password }: BasicCredential,
  origin: Origin,
): Promise<BasicUser> {
  const account = { domain, connection: localConnection, username };
  // Looked up for every name, so that none takes longer than another.
  const isSso = await isSsoName(core, account);
  const checked = await checkPassword(
    core,
    {
      account,
      password,
      otp: null,
      secondFactor: 'ignored',
      guessLimits: usualGuessLimits,
      told: { action: 'basic', reasonOf: (reason) => reasonOf(reason, isSso) },
    },
    origin,
  );
  const { user, forgetting, challenge } = checked;
  const due = hasSecondFactor(user) ? 'second_factor_required' : challenge;
  if (due !== null) await refuseProved(core, user, due, origin);
  if (forgetting.length > 0) await core.database.write(forgetting);
  const holder = await core.database.findHolder(user.id, { domainId: user.domainId, tenantId: null });
  if (holder === null) throw refuse('wrong_credentials', 'unknown_user');
  return { userId: user.id, username: user.username, roles: holder.roles };
}

async function isSsoName(
  core: Core,
  { domain, connection, username }: { domain: string | null; connection: string; username: string },
): Promise<boolean> {
  const found = await findDomain(core.database, domain ?? rootDomainId);
  const domainId = found?.id ?? rootDomainId;
  return await isKeptElsewhere(core.database, { domainId, connection, username });
}

function reasonOf(reason: string, isSso: boolean): string {
  if (reason === 'unknown_user' && isSso) return 'sso_account';
  return reason === 'wrong_password' ? 'bad_password' : reason;
}

/** The password was right: whoever tries must not learn it from not being slowed. */
async function refuseProved(core: Core, user: User, reason: string, origin: Origin): Promise<never> {
  const home = await findDomain(core.database, user.domainId);
  const { connection, username } = user;
  const keys = guessKeysOf({ domain: home?.name ?? null, connection, username }, origin.address);
  await core.database.write([
    ...countFailedAttempt(core, keys, usualGuessLimits),
    audit(core, origin, 'basic', { outcome: 'refused', reason, target: user.id }),
  ]);
  throw refuse('wrong_credentials', reason);
}
