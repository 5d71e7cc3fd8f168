/**
 * The tables, as Kysely sees them; the same on both engines.
 *
 * Ids are text, times epoch milliseconds, booleans 0 or 1, lists and objects JSON text. A column `…_key` is what a
 * name is compared by (see `name-key.ts`).
 * @module
 */
import type { Generated } from 'kysely';
import type { ApplicationId, DomainId, RoleId, SessionId, TenantId, UserId } from '../domain/ids.ts';
import type { Rotation } from '../domain/lifetimes.ts';
import type { RevocationKind } from '../domain/revocation.ts';
import type { EndReason, SessionKind, SessionPurpose } from '../domain/session.ts';
import type { SigningAlgorithm } from '../domain/signing-key.ts';

export interface Tables {
  /** One row. */
  installation: InstallationTable;
  /** One row: the number that grows with every change of settings or keys. */
  configuration: ConfigurationTable;
  settings: SettingsTable;
  signing_keys: SigningKeysTable;
  domains: DomainsTable;
  tenants: TenantsTable;
  users: UsersTable;
  password_history: PasswordHistoryTable;
  second_factors: SecondFactorsTable;
  recovery_codes: RecoveryCodesTable;
  password_policies: PasswordPoliciesTable;
  roles: RolesTable;
  assignments: AssignmentsTable;
  sessions: SessionsTable;
  session_slots: SessionSlotsTable;
  api_tokens: ApiTokensTable;
  audit: AuditTable;
  guesses: GuessesTable;
  revocations: RevocationsTable;
  /** One row. */
  revocation_feed: RevocationFeedTable;
  applications: ApplicationsTable;
  granted_tokens: GrantedTokensTable;
  denied_tokens: DeniedTokensTable;
}

export interface InstallationTable {
  /** Always 1, so that a second row cannot be. */
  singleton: number;
  id: string;
  created_at_ms: number;
  master_key_check: string;
}

export interface ConfigurationTable {
  singleton: number;
  version: number;
}

export interface SettingsTable {
  name: string;
  value: string;
}

export interface SigningKeysTable {
  kid: string;
  use: string;
  alg: SigningAlgorithm;
  public_jwk: string | null;
  sealed_private_jwk: string;
  created_at_ms: number;
  signs_from_ms: number;
  retired_at_ms: number | null;
  removed_at_ms: number | null;
  kept_until_ms: number | null;
}

export interface DomainsTable {
  id: DomainId;
  name: string;
  name_key: string;
  enabled: number;
  allow_user_management: number;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface TenantsTable {
  id: TenantId;
  domain_id: DomainId;
  name: string;
  name_key: string;
  enabled: number;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface UsersTable {
  id: UserId;
  version: number;
  domain_id: DomainId;
  connection: string;
  username: string;
  username_key: string;
  enabled: number;
  email: string | null;
  email_key: string | null;
  name: string | null;
  name_key: string | null;
  full_name: string | null;
  nickname: string | null;
  org_name: string | null;
  org_name_key: string | null;
  /** JSON object of texts. */
  profile: string;
  password_hash: string | null;
  password_changed_at_ms: number | null;
  password_change_required: number;
  second_factor: 'none' | 'active';
  password_policy: string | null;
  allowed_auth_methods: string;
  allowed_client_types: string;
  prevent_ui_login: number;
  is_domain_user: number;
  certificate_subject_dn: string | null;
  expires_at_ms: number | null;
  app_metadata: string;
  user_metadata: string;
  failed_logins_count: number;
  failed_logins_initial_attempt_at_ms: number | null;
  last_failed_login_at_ms: number | null;
  account_lockout_at_ms: number | null;
  locked_until_ms: number | null;
  logins_count: number;
  last_login_at_ms: number | null;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface PasswordHistoryTable {
  user_id: UserId;
  hash: string;
  set_at_ms: number;
}

export interface SecondFactorsTable {
  user_id: UserId;
  state: 'pending' | 'active';
  sealed_secret: string;
  last_step: number;
  created_at_ms: number;
}

/** A row is a code that was not used yet. */
export interface RecoveryCodesTable {
  user_id: UserId;
  hash: string;
}

export interface PasswordPoliciesTable {
  name: string;
  /** JSON of the policy's numbers. */
  rules: string;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface RolesTable {
  id: RoleId;
  domain_id: DomainId | null;
  name: string;
  description: string;
  origin: 'system' | 'custom';
  app_metadata: string;
  user_metadata: string;
  client_metadata: string;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface AssignmentsTable {
  user_id: UserId;
  role_id: RoleId;
  domain_id: DomainId | null;
  tenant_id: TenantId | null;
}

/** The hot row: keyed by a time-ordered id, changed in place, no second index on anything that changes. */
export interface SessionsTable {
  id: SessionId;
  /** The store's own: grows with every change of the row. */
  version: number;
  user_id: UserId;
  domain_id: DomainId | null;
  tenant_id: TenantId | null;
  face: string;
  kind: SessionKind;
  purpose: SessionPurpose;
  token_kind: 'standard' | 'minimal';
  rotation: Rotation;
  absolute_seconds: number | null;
  idle_seconds: number | null;
  generation: number;
  mac_key: number;
  salt: string;
  labels: string;
  created_from: string;
  client: string | null;
  created_at_ms: number;
  authenticated_at_ms: number;
  issued_at_ms: number;
  used_at_ms: number | null;
  refreshed_at_ms: number | null;
  used_from: string | null;
  amr: string;
  ended_at_ms: number | null;
  end_reason: EndReason | null;
}

/** Which session a user signs in to again, where there is one for each purpose. */
export interface SessionSlotsTable {
  user_id: UserId;
  slot: string;
  session_id: SessionId;
}

/** Sessions that people have named, to be used by programs. The session's row has all that changes. */
export interface ApiTokensTable {
  session_id: SessionId;
  user_id: UserId;
  name: string;
  /** The name as long as it is taken; null: it is free again. */
  live_name: string | null;
}

export interface AuditTable {
  /** Grows with each entry; gives the order. */
  id: Generated<number>;
  at_ms: number;
  action: string;
  outcome: 'done' | 'refused';
  reason: string | null;
  actor_id: string | null;
  target: string | null;
  request_id: string;
  address: string;
  detail: string;
}

export interface GuessesTable {
  key: string;
  failures: number;
  window_started_at_ms: number;
  locks: number;
  locked_until_ms: number | null;
  /** From when the row means nothing. */
  forget_at_ms: number;
}

export interface RevocationsTable {
  id: Generated<number>;
  /** Its place in the feed, and from when on it may be forgotten; null: not given yet. */
  position: number | null;
  until_ms: number | null;
  kind: RevocationKind;
  subject: string;
  face: string | null;
  life_seconds: number | null;
  generation: number | null;
  from_ms: number | null;
}

export interface RevocationFeedTable {
  singleton: number;
  /** Another one after the data was replaced: what guards have seen then counts for nothing. */
  epoch: string;
  /** The greatest position given so far. */
  head: number;
  /** Access tokens issued until then are worthless, whatever their session says. */
  issued_before_ms: number | null;
}

export interface ApplicationsTable {
  id: ApplicationId;
  version: number;
  name: string;
  name_key: string;
  issuer: string;
  audience: string;
  sealed_signing_key: string;
  /** Grows with every new key. */
  key_number: number;
  /** SHA-256 of the guards' credential, base64url. */
  credential_hash: string;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface GrantedTokensTable {
  id: string;
  application_id: ApplicationId;
  token_key: string;
  key_number: number;
  /** Who answers for it: the user it speaks for, else who granted it. */
  user_id: UserId;
  identity: string;
  /** JSON array of texts. */
  roles: string;
  description: string;
  created_at_ms: number;
  expires_at_ms: number;
  last_used_at_ms: number | null;
  /** Revoked then; may lie ahead, where its key is being replaced. */
  denied_from_ms: number | null;
}

export interface DeniedTokensTable {
  application_id: ApplicationId;
  token_key: string;
  /** Null: not known, so that the row stays. */
  expires_at_ms: number | null;
  created_at_ms: number;
  denied_by: UserId;
}
