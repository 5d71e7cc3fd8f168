/** What the audit log keeps: who did what to which, whether it was allowed, and the precise reason. @module */
import type { JsonObject } from './tenancy.ts';

export type AuditAction =
  | 'sign_in'
  | 'basic'
  | 'refresh'
  | 'refresh_token_reused'
  | 'api_token_generated'
  | 'api_token_renewed'
  | 'api_token_revoked'
  | 'api_token_expired'
  | 'session_ended'
  | 'password_changed'
  | 'second_factor_enrolled'
  | 'second_factor_enabled'
  | 'second_factor_disabled'
  | 'second_factor_reset'
  | 'recovery_codes_made'
  | 'recovery_code_used'
  | 'user_created'
  | 'user_changed'
  | 'user_deleted'
  | 'role_created'
  | 'role_changed'
  | 'role_deleted'
  | 'role_assigned'
  | 'role_unassigned'
  | 'domain_created'
  | 'domain_changed'
  | 'domain_deleted'
  | 'tenant_created'
  | 'tenant_changed'
  | 'tenant_deleted'
  | 'password_policy_created'
  | 'password_policy_changed'
  | 'password_policy_deleted'
  | 'setting_changed'
  | 'signing_key_rotated'
  | 'signing_key_imported'
  | 'signing_key_removed'
  | 'application_created'
  | 'application_deleted'
  | 'application_key_rotated'
  | 'application_credential_rotated'
  | 'json_web_token_granted'
  | 'json_web_token_revoked'
  | 'token_denied';

export interface AuditEntry {
  readonly atMs: number;
  readonly action: AuditAction;
  readonly outcome: 'done' | 'refused';
  /** Fine-grained reason of a refusal or an end; null for what simply went well. */
  readonly reason: string | null;
  /** User id of who acted; null when nobody was proved. */
  readonly actorId: string | null;
  /** Id or name of what was acted on. */
  readonly target: string | null;
  readonly requestId: string;
  readonly address: string;
  /** Never a secret. */
  readonly detail: JsonObject;
}
