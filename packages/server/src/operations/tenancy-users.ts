/** Administering users in a context: list, read, create. @module */
import { type Listing, type ListQuery, mapListing, type UserProperty } from '../domain/listing.ts';
import { ProblemError } from '../domain/problem.ts';
import type { Domain, Scope } from '../domain/tenancy.ts';
import type { User } from '../domain/user.ts';
import { findDomain, findDomainByName } from '../store/domains.ts';
import { listUsersOf } from '../store/user-directory.ts';
import { insertUser } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { checkUsername } from './manage-account-fields.ts';
import { auditOf } from './manage-audit.ts';
import { writeUnique } from './manage-conflicts.ts';
import { newUser } from './manage-new-user.ts';
import { findUserInside, outside, requireReader, requireWriter } from './tenancy-rights.ts';
import { checkPersonFields, type PersonFields, withPersonFields } from './tenancy-user-fields.ts';

/** A user as administrators see them: without the password's hash, with what their domain is called. */
export interface Person extends Omit<User, 'version' | 'passwordHash'> {
  readonly domainName: string;
}

export interface NewPerson extends PersonFields {
  readonly username: string;
  readonly password: string;
  /** Name of the home domain; null: that of the context. */
  readonly domain: string | null;
}

function personOf(user: User, domainName: string): Person {
  const { version: _version, passwordHash: _hash, ...visible } = user;
  return { ...visible, domainName };
}

export async function describePerson(core: Core, user: User): Promise<Person> {
  const domain = await findDomain(core.database, user.domainId);
  return personOf(user, domain?.name ?? user.domainId);
}

/** The users inside the caller's context. @throws {ProblemError} `forbidden` */
export function listPersons(core: Core, caller: Caller, query: ListQuery<UserProperty>): Listing<Person> {
  const context = requireReader(caller);
  const users = listUsersOf(core.database, context, query);
  return mapListing(users, ({ user, domainName }) => personOf(user, domainName));
}

/** @throws {ProblemError} `forbidden`, alike for unknown and foreign */
export async function getPerson(core: Core, caller: Caller, id: string): Promise<Person> {
  return await describePerson(core, await findUserInside(core, requireReader(caller), id));
}

/**
 * Creates a user at home in the context's domain, or, with a token for no domain, in a named one.
 *
 * @throws {ProblemError} `forbidden`, also for another domain and in a tenant; `malformed` where no domain is named;
 *   `invalid_value`; `conflict` where the name is taken
 */
export async function createPerson(core: Core, caller: Caller, fields: NewPerson): Promise<Person> {
  const context = requireWriter(caller);
  checkUsername(fields.username);
  checkPersonFields(fields);
  const home = await findHome(core, caller, context, fields.domain);
  const { username, password } = fields;
  const user = withPersonFields(await newUser(core, home.id, { username, password }), fields);
  const audit = auditOf(core, caller, 'user_created', user.id, { username });
  const taken = 'A user of that name exists already.';
  await writeUnique(core, [insertUser(core.database, user), audit], taken);
  return personOf(user, home.name);
}

/**
 * The domain that something new is made in.
 *
 * @throws {ProblemError} `malformed` where none is named, `forbidden` for one that is not the context's, or not there
 */
export async function findHome(
  core: Core,
  { principal }: Caller,
  { tenantId }: Scope,
  named: string | null,
): Promise<Domain> {
  // What is made would be at home in the domain, and so outside of the tenant.
  if (tenantId !== null) throw outside();
  const name = named ?? principal.domainName;
  if (name === null)
    throw new ProblemError({
      kind: 'malformed',
      reason: 'missing_field',
      field: 'domain',
      message: 'is missing',
    });
  const domain = await findDomainByName(core.database, name);
  if (domain === null || (principal.domainId !== null && domain.id !== principal.domainId)) throw outside();
  return domain;
}
