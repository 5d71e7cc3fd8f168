/** What tokens that change scope, second factors and certificates of signing keys need. @module */
import type { EngineWords, Migration } from './migration.ts';

export const scopesAndFactors: Migration = {
  name: '0002-scopes-and-factors',
  statements: (words) => [
    ...secondFactorTables(words),
    ...signingKeyColumns(words),
    ...sessionTables(words),
    ...directoryTables(words),
  ],
};

const secondFactorTables = ({ text, bigint, end }: EngineWords): string[] => [
  `alter table users add column second_factor ${text} not null default 'none'`,
  `create table second_factors (
    user_id ${text} not null primary key references users (id),
    state ${text} not null,
    sealed_secret ${text} not null,
    last_step ${bigint} not null,
    created_at_ms ${bigint} not null
  ) ${end}`,
  `create table recovery_codes (
    user_id ${text} not null references users (id),
    hash ${text} not null,
    primary key (user_id, hash)
  ) ${end}`,
];

const signingKeyColumns = ({ bigint }: EngineWords): string[] => [
  `alter table signing_keys add column signs_from_ms ${bigint} not null default 0`,
];

const sessionTables = ({ text, end }: EngineWords): string[] => [
  `alter table sessions add column amr ${text} not null default '["pwd"]'`,
  `create table session_slots (
    user_id ${text} not null references users (id),
    slot ${text} not null,
    session_id ${text} not null,
    primary key (user_id, slot)
  ) ${end}`,
];

/** For lists that are narrowed and sorted, and for what goes with a domain or tenant. */
const directoryTables = ({ text }: EngineWords): string[] => [
  `alter table users add column org_name ${text}`,
  `alter table users add column org_name_key ${text}`,
  `alter table users add column profile ${text} not null default '{}'`,
  "create index users_by_name_in_domain on users (domain_id, coalesce(name_key, ''), id)",
  "create index users_by_org_name_in_domain on users (domain_id, coalesce(org_name_key, ''), id)",
  "create index users_by_name_anywhere on users (coalesce(name_key, ''), id)",
  "create index users_by_org_name_anywhere on users (coalesce(org_name_key, ''), id)",
  'create index tenants_by_name on tenants (name_key, id)',
  'create index roles_by_domain on roles (domain_id, name)',
  'create index assignments_by_domain on assignments (domain_id)',
  'create index assignments_by_tenant on assignments (tenant_id, user_id)',
];
