/** Signs in with a password, asking for what is missing. @module */

import {
  type Answer,
  buildPasswordGrant,
  type Connection,
  isOneTimePasswordRequired,
  type RefreshTokenWish,
  type Secret,
  sendRequest,
} from '@tessera/client';
import type { Settings } from '../config/settings.ts';
import type { Invocation } from '../program/command.ts';
import { UsageError } from '../program/errors.ts';
import { remark } from '../terminal/print.ts';
import { promptSecret } from '../terminal/prompt-secret.ts';
import { readFirstLine } from '../terminal/read-first-line.ts';

/** @throws {UsageError} no user is named, or nobody can be asked for a password */
export async function signIn(
  connection: Connection,
  settings: Settings,
  refreshToken: RefreshTokenWish,
  invocation: Invocation,
): Promise<Answer> {
  const { username, domain, authDomain } = settings;
  if (username === null) throw new UsageError('no user to sign in: give --user NAME');
  const password = await passwordFor(settings, invocation);
  const attempt = (oneTimePassword: Secret | null): Promise<Answer> => {
    const grant = { username, password, oneTimePassword, domain, authDomain, refreshToken };
    return sendRequest(connection, buildPasswordGrant(grant));
  };
  try {
    return await attempt(null);
  } catch (error) {
    if (!isOneTimePasswordRequired(error)) throw error;
    return attempt(await promptSecret('one-time password: ', 'sign in from one', invocation.context));
  }
}

async function passwordFor(settings: Settings, { context, globals }: Invocation): Promise<Secret> {
  if (globals['password-stdin']) return readFirstLine(context.stdin);
  if (globals.password !== null) {
    remark('warning: --password shows in process lists; --password-stdin does not', context);
  }
  if (settings.password !== null) return settings.password;
  return promptSecret('password: ', 'give it by --password-stdin', context);
}
