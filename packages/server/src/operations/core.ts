/** What every operation works with, and who asks for it. @module */
import type { PasswordHasher } from '../crypto/password.ts';
import type { RefreshTokens } from '../crypto/refresh-token.ts';
import type { Sealer } from '../crypto/sealing.ts';
import type { DomainId, SessionId, TenantId, UserId } from '../domain/ids.ts';
import type { SessionPurpose } from '../domain/session.ts';
import type { Database } from '../store/database.ts';

export interface Core {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly passwords: PasswordHasher;
  readonly refreshTokens: RefreshTokens;
  readonly sealer: Sealer;
  /** `iss` of the tokens made here. */
  readonly issuer: string;
  /** `aud` of the tokens made here: one UUID per installation unless configured. */
  readonly audience: string;
  /** The line the operator's log gets for what deserves attention; never with a secret. */
  readonly log: (level: 'info' | 'warn' | 'error', message: string, detail: Record<string, unknown>) => void;
}

/** Where a request came from; written to the audit log. */
export interface Origin {
  readonly requestId: string;
  readonly address: string;
  /** What the program that asks calls itself, as far as it said. */
  readonly client?: string | null;
}

/** Who was proved by an access token, as of this request. */
export interface Principal {
  readonly userId: UserId;
  readonly username: string;
  readonly connection: string;
  readonly homeDomainId: DomainId;
  readonly sessionId: SessionId;
  /** What the session was opened for: by somebody who signed in, or to be handed to an application. */
  readonly purpose: SessionPurpose;
  /** The interface whose token it was. */
  readonly face: string;
  /** The token's scope; all null: none. */
  readonly domainId: DomainId | null;
  readonly domainName: string | null;
  readonly tenantId: TenantId | null;
  /** Effective roles in the token's scope, as of this request (not as of the token's issue); none with a minimal token. */
  readonly roles: readonly string[];
  readonly tokenKind: 'standard' | 'minimal';
}

/** A proved caller of a management operation. */
export interface Caller {
  readonly principal: Principal;
  readonly origin: Origin;
}
