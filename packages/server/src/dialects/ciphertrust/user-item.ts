/** A user as this dialect writes it. @module */
import { groupsAmong } from '../../domain/role-names.ts';
import type { Caller } from '../../operations/core.ts';
import type { Account } from '../../operations/manage-accounts.ts';
import { wireTime, wireTimeOrNull } from './wire.ts';

export function userItem(
  account: Account,
  { principal }: Caller,
  shown: 'with groups' | 'without groups',
): object {
  return {
    user_id: `${account.connection}|${account.id}`,
    username: account.username,
    name: account.name,
    nickname: account.nickname,
    email: account.email,
    created_at: wireTime(account.createdAtMs),
    updated_at: wireTime(account.updatedAtMs),
    last_login: wireTimeOrNull(account.lastLoginAtMs),
    logins_count: account.loginsCount,
    user_metadata: {
      ...account.userMetadata,
      current_domain: { id: principal.domainId, name: principal.domainName },
    },
    app_metadata: account.appMetadata,
    failed_logins_count: account.failedLoginsCount,
    failed_logins_initial_attempt_at: wireTimeOrNull(account.failedLoginsInitialAttemptAtMs),
    last_failed_login_at: wireTimeOrNull(account.lastFailedLoginAtMs),
    account_lockout_at: wireTimeOrNull(account.accountLockoutAtMs),
    password_changed_at: wireTimeOrNull(account.passwordChangedAtMs),
    password_change_required: account.passwordChangeRequired,
    certificate_subject_dn: account.certificateSubjectDn,
    enable_cert_auth: account.allowedAuthMethods.includes('user_certificate'),
    auth_domain: account.domainId,
    auth_domain_name: account.domainName,
    login_flags: { prevent_ui_login: account.preventUiLogin },
    allowed_auth_methods: account.allowedAuthMethods,
    allowed_client_types: account.allowedClientTypes,
    expires_at: wireTimeOrNull(account.expiresAtMs),
    full_name: account.fullName,
    is_domain_user: account.isDomainUser,
    password_policy: account.passwordPolicy,
    ...(shown === 'with groups' ? { groups: groupsAmong(account.roles ?? []) } : {}),
  };
}
