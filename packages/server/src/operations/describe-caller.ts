/** Who a credential speaks for, and what kind of credential it is. @module */
import { absoluteExpiryMs } from '../domain/lifetimes.ts';
import { refuse } from '../domain/problem.ts';
import type { SessionPurpose } from '../domain/session.ts';
import { localConnection } from '../domain/user.ts';
import { findApiToken } from '../store/api-tokens.ts';
import { findSession } from '../store/sessions.ts';
import { configured } from './configured.ts';
import type { Caller, Core } from './core.ts';

/** `sign-in`: somebody has signed in; `application`: a program has its refresh token; `api-token`: the same, with a name. */
export type CredentialKind = 'sign-in' | 'application' | 'api-token';

export interface DescribedCaller {
  readonly username: string;
  /** `sso`: the account is kept elsewhere. */
  readonly accountType: 'local' | 'sso';
  readonly roles: readonly string[];
  readonly kind: CredentialKind;
  /** Of an API token; else null. */
  readonly name: string | null;
  /** When the session ends however much it is used; null: never. */
  readonly expiresAtMs: number | null;
}

/** @throws {ProblemError} `session_ended` */
export async function describeCaller(core: Core, { principal }: Caller): Promise<DescribedCaller> {
  const { sessionId, username, roles, purpose } = principal;
  const apiToken = await findApiToken(core.database, sessionId);
  const session = apiToken?.session ?? (await findSession(core.database, sessionId));
  if (session === null) throw refuse('session_ended', 'unknown_session');
  const { policy } = configured(core, await core.database.configuration());
  const endsAtMs = absoluteExpiryMs(session, policy);
  return {
    username,
    accountType: accountTypeOf(principal),
    roles,
    kind: credentialKind(purpose, apiToken?.name ?? null),
    name: apiToken?.name ?? null,
    expiresAtMs: Number.isFinite(endsAtMs) ? endsAtMs : null,
  };
}

/** @param name of the API token that the session is; null: it is none */
export function credentialKind(purpose: SessionPurpose, name: string | null): CredentialKind {
  if (name !== null) return 'api-token';
  return purpose === 'interactive' ? 'sign-in' : 'application';
}

function accountTypeOf({ connection }: { readonly connection: string }): 'local' | 'sso' {
  return connection === localConnection ? 'local' : 'sso';
}
