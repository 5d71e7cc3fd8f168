/** Gets the password and, where one is due, the one-time password of who signs in. @module */
import { type Answer, isOneTimePasswordRequired, Secret } from '@tessera/client';
import type { Settings } from '../config/settings.ts';
import type { Invocation } from '../program/command.ts';
import { UsageError } from '../program/errors.ts';
import { type Flag, textFlag } from '../program/flag.ts';
import { remark } from '../terminal/print.ts';
import { promptSecret } from '../terminal/prompt-secret.ts';
import { readFirstLine } from '../terminal/read-first-line.ts';

export const otpFlag: { readonly otp: Flag<string | null> } = {
  otp: textFlag('one-time or recovery password; asked for if left out and due', { placeholder: 'CODE' }),
};

/** @throws {UsageError} nobody is configured */
export function requireUsername({ username }: Settings): string {
  if (username === null) throw new UsageError('no user to sign in: give --user NAME');
  return username;
}

/** @throws {UsageError} nobody can be asked */
export async function passwordFor(
  settings: Pick<Settings, 'password'>,
  { context, globals }: Invocation,
): Promise<Secret> {
  if (globals['password-stdin']) return readFirstLine(context.stdin);
  if (globals.password !== null) {
    remark('warning: --password shows in process lists; --password-stdin does not', context);
  }
  if (settings.password !== null) return settings.password;
  return promptSecret('password: ', 'give it by --password-stdin', context);
}

/** @throws {UsageError} nobody can be asked */
export function askOneTimePassword({ context }: Invocation): Promise<Secret> {
  return promptSecret('one-time password: ', 'sign in from one, or with login --otp', context);
}

/**
 * Tries without a one-time password first, and asks for one only when it is due.
 *
 * @param given null: none was given beforehand
 */
export async function attemptWithOtp(
  given: string | null,
  attempt: (oneTimePassword: Secret | null) => Promise<Answer>,
  invocation: Invocation,
): Promise<Answer> {
  if (given !== null) return attempt(new Secret(given));
  try {
    return await attempt(null);
  } catch (error) {
    if (!isOneTimePasswordRequired(error)) throw error;
    return attempt(await askOneTimePassword(invocation));
  }
}
