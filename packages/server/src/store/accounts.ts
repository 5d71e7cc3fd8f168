/** All that a sign-in begins with, in one statement: the domain, the user of that name, and the rules of their password. @module */
import { type Expression, type ExpressionBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { type DomainId, isUuid } from '../domain/ids.ts';
import { globalPolicyName, type PasswordPolicy } from '../domain/password-policy.ts';
import type { User } from '../domain/user.ts';
import type { Database } from './database.ts';
import { nameKey } from './name-key.ts';
import { policyOf } from './password-policies.ts';
import { type PreparedQuery, prepared } from './prepared.ts';
import type { Tables, UsersTable } from './schema.ts';
import { userOf } from './user-row.ts';

export interface NamedAccount {
  /** Name or id; what looks like an id is one. */
  readonly domain: string;
  readonly connection: string;
  readonly username: string;
}

export interface FoundAccount {
  readonly domainName: string;
  /** Null: the domain has no such user, or is disabled. */
  readonly holder: { readonly user: User; readonly policy: PasswordPolicy } | null;
}

/** Without regard to case. Null: there is no such domain. */
export async function findAccount(db: Database, account: NamedAccount): Promise<FoundAccount | null> {
  const domain = nameKey(account.domain);
  const values = { domain, username: nameKey(account.username), connection: account.connection };
  const [row] = await db.read((isUuid(domain) ? inDomainOfId : inDomainNamed)(db, values));
  if (row === undefined) return null;
  const { domain_name: domainName, domain_enabled: enabled, ...user } = row;
  const isThere = enabled === 1 && user.id !== null;
  return { domainName, holder: isThere ? holderOf(user as HolderRow) : null };
}

interface PolicyColumns {
  policy_name: string;
  policy_rules: string | null;
  policy_created_at_ms: number;
  policy_updated_at_ms: number;
}

type HolderRow = Selectable<UsersTable> & PolicyColumns;

type AccountRow = { [Column in keyof HolderRow]: HolderRow[Column] | null } & {
  domain_name: string;
  domain_enabled: number;
};

interface Values {
  readonly domain: string;
  readonly username: string;
  readonly connection: string;
}

function holderOf(row: HolderRow): FoundAccount['holder'] {
  if (row.policy_rules === null) throw new Error('the global password policy is missing');
  const policy = policyOf({
    name: row.policy_name,
    rules: row.policy_rules,
    created_at_ms: row.policy_created_at_ms,
    updated_at_ms: row.policy_updated_at_ms,
  });
  return { user: userOf(row), policy };
}

type InDomain = (eb: ExpressionBuilder<Tables, 'domains'>, domain: string) => Expression<SqlBool>;

const inDomainOfId = accountQuery((eb, id) => eb('domains.id', '=', id as DomainId));
const inDomainNamed = accountQuery((eb, key) => eb('domains.name_key', '=', key));

/** The user's policy, or the global one for who has none and where theirs is gone. */
function accountQuery(inDomain: InDomain): PreparedQuery<Values, AccountRow> {
  return prepared((queries, { domain, username, connection }: Values) => {
    const policy = sql<string>`coalesce((select name from password_policies where name = users.password_policy),
      ${sql.lit(globalPolicyName)})`;
    return queries
      .selectFrom('domains')
      .leftJoin('users', (join) =>
        join
          .onRef('users.domain_id', '=', 'domains.id')
          .on('users.username_key', '=', username)
          .on('users.connection', '=', connection),
      )
      .leftJoin('password_policies as policy', (join) => join.on('policy.name', '=', policy))
      .where((eb) => inDomain(eb as never, domain))
      .selectAll('users')
      .select([
        'domains.name as domain_name',
        'domains.enabled as domain_enabled',
        'policy.name as policy_name',
        'policy.rules as policy_rules',
        'policy.created_at_ms as policy_created_at_ms',
        'policy.updated_at_ms as policy_updated_at_ms',
      ]) as never;
  });
}
