/** A user as a row, and back. @module */
import type { Insertable, Selectable } from 'kysely';
import type { JsonObject } from '../domain/tenancy.ts';
import type { AuthMethod, ClientType, Profile, User } from '../domain/user.ts';
import { textsOf } from './json.ts';
import { nameKey } from './name-key.ts';
import type { UsersTable } from './schema.ts';

export function userOf(row: Selectable<UsersTable>): User {
  return {
    id: row.id,
    version: row.version,
    domainId: row.domain_id,
    connection: row.connection,
    username: row.username,
    enabled: row.enabled === 1,
    email: row.email,
    name: row.name,
    fullName: row.full_name,
    nickname: row.nickname,
    orgName: row.org_name,
    profile: JSON.parse(row.profile) as Profile,
    passwordHash: row.password_hash,
    passwordChangedAtMs: row.password_changed_at_ms,
    passwordChangeRequired: row.password_change_required === 1,
    // Anything but the one word means that a second factor is due.
    secondFactor: row.second_factor === 'none' ? 'none' : 'active',
    passwordPolicy: row.password_policy,
    allowedAuthMethods: textsOf<AuthMethod>(row.allowed_auth_methods),
    allowedClientTypes: textsOf<ClientType>(row.allowed_client_types),
    preventUiLogin: row.prevent_ui_login === 1,
    isDomainUser: row.is_domain_user === 1,
    certificateSubjectDn: row.certificate_subject_dn,
    expiresAtMs: row.expires_at_ms,
    appMetadata: JSON.parse(row.app_metadata) as JsonObject,
    userMetadata: JSON.parse(row.user_metadata) as JsonObject,
    failedLoginsCount: row.failed_logins_count,
    failedLoginsInitialAttemptAtMs: row.failed_logins_initial_attempt_at_ms,
    lastFailedLoginAtMs: row.last_failed_login_at_ms,
    accountLockoutAtMs: row.account_lockout_at_ms,
    lockedUntilMs: row.locked_until_ms,
    loginsCount: row.logins_count,
    lastLoginAtMs: row.last_login_at_ms,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

export function rowOfUser(user: User): Insertable<UsersTable> {
  return {
    id: user.id,
    version: user.version,
    domain_id: user.domainId,
    connection: user.connection,
    username: user.username,
    username_key: nameKey(user.username),
    enabled: user.enabled ? 1 : 0,
    email: user.email,
    email_key: user.email === null ? null : nameKey(user.email),
    name: user.name,
    name_key: user.name === null ? null : nameKey(user.name),
    full_name: user.fullName,
    nickname: user.nickname,
    org_name: user.orgName,
    org_name_key: user.orgName === null ? null : nameKey(user.orgName),
    profile: JSON.stringify(user.profile),
    password_hash: user.passwordHash,
    password_changed_at_ms: user.passwordChangedAtMs,
    password_change_required: user.passwordChangeRequired ? 1 : 0,
    second_factor: user.secondFactor,
    password_policy: user.passwordPolicy,
    allowed_auth_methods: JSON.stringify(user.allowedAuthMethods),
    allowed_client_types: JSON.stringify(user.allowedClientTypes),
    prevent_ui_login: user.preventUiLogin ? 1 : 0,
    is_domain_user: user.isDomainUser ? 1 : 0,
    certificate_subject_dn: user.certificateSubjectDn,
    expires_at_ms: user.expiresAtMs,
    app_metadata: JSON.stringify(user.appMetadata),
    user_metadata: JSON.stringify(user.userMetadata),
    failed_logins_count: user.failedLoginsCount,
    failed_logins_initial_attempt_at_ms: user.failedLoginsInitialAttemptAtMs,
    last_failed_login_at_ms: user.lastFailedLoginAtMs,
    account_lockout_at_ms: user.accountLockoutAtMs,
    locked_until_ms: user.lockedUntilMs,
    logins_count: user.loginsCount,
    last_login_at_ms: user.lastLoginAtMs,
    created_at_ms: user.createdAtMs,
    updated_at_ms: user.updatedAtMs,
  };
}
