/** The tables of the first release. @module */
import type { EngineWords, Migration } from './migration.ts';

export const firstTables: Migration = {
  name: '0001-first-tables',
  statements: (words) => [
    ...installationTables(words),
    ...tenancyTables(words),
    ...userTables(words),
    ...roleTables(words),
    ...sessionTables(words),
    ...logTables(words),
  ],
};

const installationTables = ({ text, integer, bigint, end }: EngineWords): string[] => [
  `create table installation (
    singleton ${integer} not null primary key check (singleton = 1),
    id ${text} not null,
    created_at_ms ${bigint} not null,
    master_key_check ${text} not null
  ) ${end}`,
  `create table configuration (
    singleton ${integer} not null primary key check (singleton = 1),
    version ${bigint} not null
  ) ${end}`,
  'insert into configuration (singleton, version) values (1, 1)',
  `create table settings (
    name ${text} not null primary key,
    value ${text} not null
  ) ${end}`,
  `create table signing_keys (
    kid ${text} not null primary key,
    use ${text} not null,
    alg ${text} not null,
    public_jwk ${text},
    sealed_private_jwk ${text} not null,
    created_at_ms ${bigint} not null,
    retired_at_ms ${bigint},
    removed_at_ms ${bigint}
  ) ${end}`,
];

const tenancyTables = ({ text, integer, bigint, end }: EngineWords): string[] => [
  `create table domains (
    id ${text} not null primary key,
    name ${text} not null,
    name_key ${text} not null unique,
    enabled ${integer} not null,
    allow_user_management ${integer} not null,
    created_at_ms ${bigint} not null,
    updated_at_ms ${bigint} not null
  ) ${end}`,
  `create table tenants (
    id ${text} not null primary key,
    domain_id ${text} not null references domains (id),
    name ${text} not null,
    name_key ${text} not null,
    enabled ${integer} not null,
    created_at_ms ${bigint} not null,
    updated_at_ms ${bigint} not null,
    unique (domain_id, name_key)
  ) ${end}`,
];

const userTables = ({ text, integer, bigint, end }: EngineWords): string[] => [
  `create table users (
    id ${text} not null primary key,
    version ${bigint} not null,
    domain_id ${text} not null references domains (id),
    connection ${text} not null,
    username ${text} not null,
    username_key ${text} not null,
    enabled ${integer} not null,
    email ${text},
    email_key ${text},
    name ${text},
    name_key ${text},
    full_name ${text},
    nickname ${text},
    password_hash ${text},
    password_changed_at_ms ${bigint},
    password_change_required ${integer} not null,
    password_policy ${text},
    allowed_auth_methods ${text} not null,
    allowed_client_types ${text} not null,
    prevent_ui_login ${integer} not null,
    is_domain_user ${integer} not null,
    certificate_subject_dn ${text},
    expires_at_ms ${bigint},
    app_metadata ${text} not null,
    user_metadata ${text} not null,
    failed_logins_count ${integer} not null,
    failed_logins_initial_attempt_at_ms ${bigint},
    last_failed_login_at_ms ${bigint},
    account_lockout_at_ms ${bigint},
    locked_until_ms ${bigint},
    logins_count ${integer} not null,
    last_login_at_ms ${bigint},
    created_at_ms ${bigint} not null,
    updated_at_ms ${bigint} not null,
    unique (username_key, domain_id, connection)
  ) ${end}`,
  'create index users_by_domain on users (domain_id, username_key)',
  'create index users_by_name on users (name_key)',
  'create index users_by_email on users (email_key)',
  `create table password_history (
    user_id ${text} not null references users (id),
    hash ${text} not null,
    set_at_ms ${bigint} not null,
    primary key (user_id, hash)
  ) ${end}`,
  `create table password_policies (
    name ${text} not null primary key,
    rules ${text} not null,
    created_at_ms ${bigint} not null,
    updated_at_ms ${bigint} not null
  ) ${end}`,
];

const roleTables = ({ text, bigint, end }: EngineWords): string[] => [
  `create table roles (
    id ${text} not null primary key,
    domain_id ${text} references domains (id),
    name ${text} not null,
    description ${text} not null,
    origin ${text} not null,
    app_metadata ${text} not null,
    user_metadata ${text} not null,
    client_metadata ${text} not null,
    created_at_ms ${bigint} not null,
    updated_at_ms ${bigint} not null
  ) ${end}`,
  "create unique index roles_by_name on roles (name, coalesce(domain_id, ''))",
  `create table assignments (
    user_id ${text} not null references users (id),
    role_id ${text} not null references roles (id),
    domain_id ${text} references domains (id),
    tenant_id ${text} references tenants (id)
  ) ${end}`,
  "create unique index assignments_by_user on assignments (user_id, role_id, coalesce(domain_id, ''), coalesce(tenant_id, ''))",
  'create index assignments_by_role on assignments (role_id, user_id)',
];

const sessionTables = ({ text, integer, bigint, endOfHotTable }: EngineWords): string[] => [
  `create table sessions (
    id ${text} not null primary key,
    version ${bigint} not null,
    user_id ${text} not null references users (id),
    domain_id ${text},
    tenant_id ${text},
    face ${text} not null,
    kind ${text} not null,
    purpose ${text} not null,
    token_kind ${text} not null,
    rotation ${text} not null,
    absolute_seconds ${bigint},
    idle_seconds ${bigint},
    generation ${bigint} not null,
    mac_key ${integer} not null,
    salt ${text} not null,
    labels ${text} not null,
    created_from ${text} not null,
    created_at_ms ${bigint} not null,
    authenticated_at_ms ${bigint} not null,
    issued_at_ms ${bigint} not null,
    used_at_ms ${bigint},
    refreshed_at_ms ${bigint},
    ended_at_ms ${bigint},
    end_reason ${text}
  ) ${endOfHotTable}`,
  'create index sessions_by_user on sessions (user_id)',
];

const logTables = ({ text, integer, bigint, counter, end }: EngineWords): string[] => [
  `create table audit (
    id ${counter},
    at_ms ${bigint} not null,
    action ${text} not null,
    outcome ${text} not null,
    reason ${text},
    actor_id ${text},
    target ${text},
    request_id ${text} not null,
    address ${text} not null,
    detail ${text} not null
  ) ${end}`,
  'create index audit_by_action on audit (action, id)',
  'create index audit_by_target on audit (target, id)',
  `create table guesses (
    key ${text} not null primary key,
    failures ${integer} not null,
    window_started_at_ms ${bigint} not null,
    locks ${integer} not null,
    locked_until_ms ${bigint},
    forget_at_ms ${bigint} not null
  ) ${end}`,
  'create index guesses_by_forgetting on guesses (forget_at_ms)',
];
