/** Signs in with a password, asking for what is missing. @module */
import {
  type Answer,
  buildPairLogin,
  buildPasswordGrant,
  type Connection,
  type RefreshTokenWish,
  sendRequest,
  type TokenKind,
} from '@tessera/client';
import type { Settings } from '../config/settings.ts';
import type { Invocation } from '../program/command.ts';
import { UsageError } from '../program/errors.ts';
import { attemptWithOtp, passwordFor, requireUsername } from './ask-credentials.ts';

export interface SignInWish {
  readonly refreshToken: RefreshTokenWish;
  /** Null: asked for when it is due. */
  readonly otp: string | null;
}

/** @throws {UsageError} no user is named, or nobody can be asked for a password */
export async function signIn(
  connection: Connection,
  settings: Settings,
  { refreshToken, otp }: SignInWish,
  invocation: Invocation,
): Promise<Answer> {
  const { domain, authDomain } = settings;
  const username = requireUsername(settings);
  const password = await passwordFor(settings, invocation);
  return attemptWithOtp(
    otp,
    (oneTimePassword) => {
      const grant = { username, password, oneTimePassword, domain, authDomain, refreshToken };
      return sendRequest(connection, buildPasswordGrant(grant));
    },
    invocation,
  );
}

export interface PairWish {
  /** Null: the server's default. */
  readonly kind: TokenKind | null;
  readonly otp: string | null;
}

/** The same for a pair of tokens. @throws {UsageError} also where no domain is named */
export async function signInForPair(
  connection: Connection,
  settings: Settings,
  { kind, otp }: PairWish,
  invocation: Invocation,
): Promise<Answer> {
  const { domain, tenant: tenantId, authDomain: userDomain } = settings;
  const username = requireUsername(settings);
  if (domain === null && userDomain === null)
    throw new UsageError('no domain to sign in to: give --domain NAME');
  const password = await passwordFor(settings, invocation);
  return attemptWithOtp(
    otp,
    (oneTimePassword) => {
      const login = { username, password, oneTimePassword, domain, tenantId, userDomain, kind };
      return sendRequest(connection, buildPairLogin(login));
    },
    invocation,
  );
}
