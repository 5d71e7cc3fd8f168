/** The login that a configuration file keeps. @module */
import { Secret, type Tokens } from '@tessera/client';
import { writeAtomically } from '@tessera/client/files/write-atomically';
import { type ConfigFile, editedText, readConfigFile, valueIn } from '../config/config-file.ts';
import { dialectIn } from '../config/dialect-in-file.ts';
import type { Key } from '../config/keys.ts';
import { withLock } from '../config/lock.ts';
import { parseServerUrl } from '../config/server-url.ts';
import type { Context } from '../program/context.ts';
import { LocalError } from '../program/errors.ts';

/** Of the `ciphertrust` dialect. */
export interface StoredLogin {
  readonly refreshToken: Secret;
  /** Null: lost, and the token cannot be revoked. */
  readonly clientId: string | null;
  /** The server it is for; null: the file names none. */
  readonly url: URL | null;
  readonly noSslVerify: boolean;
  readonly caFile: string | null;
}

export function storedLoginIn(file: ConfigFile): StoredLogin | null {
  const token = valueIn(file, 'REFRESHTOKEN');
  if (token === null || dialectIn(file) !== 'ciphertrust') return null;
  return {
    refreshToken: new Secret(token),
    clientId: valueIn(file, 'CLIENTID'),
    url: parseServerUrl(valueIn(file, 'URL') ?? ''),
    noSslVerify: /^(?:true|1)$/i.test(valueIn(file, 'NOSSLVERIFY') ?? ''),
    caFile: valueIn(file, 'CAFILE'),
  };
}

/** What to set, or by null remove, in the file as it is now; null: nothing. */
export type Change = (file: ConfigFile) => ReadonlyMap<Key, string | null> | null;

/**
 * Reads, changes and writes the file while no other process does.
 *
 * @throws {LocalError} the file is refused or cannot be written; it is as it was then
 */
export async function changeConfigFile(path: string, context: Context, change: Change): Promise<void> {
  await withLock(path, context.nowMs, async () => changeLockedFile(path, context, change));
}

/** The same for who holds the lock already. */
export function changeLockedFile(path: string, context: Context, change: Change): void {
  const file = readConfigFile(path, context) ?? { path, lines: [], prefix: context.personality.prefix };
  const changes = change(file);
  if (changes === null) return;
  try {
    writeAtomically(path, editedText(file, changes));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LocalError(`configuration file ${path} cannot be written (${code ?? 'unknown reason'})`);
  }
}

/** @throws {LocalError} the answer lacks what would be needed to revoke the token one day */
export function tokenChanges(tokens: Tokens): [Key, string][] {
  const { refreshToken, clientId } = tokens;
  if (refreshToken === null || clientId === null)
    throw new LocalError('the server gave no refresh token to keep');
  return [
    ['REFRESHTOKEN', refreshToken.reveal()],
    ['CLIENTID', clientId],
  ];
}

/** If `spent` is the login kept in the file, its successor takes its place. */
export async function replaceStoredToken(
  path: string,
  spent: Secret,
  tokens: Tokens,
  context: Context,
): Promise<void> {
  const file = readConfigFile(path, context);
  // Looked at before the lock is taken: most tokens are not the stored one, and nobody has to wait for them.
  if (file === null || storedLoginIn(file)?.refreshToken.equals(spent) !== true) return;
  await changeConfigFile(path, context, (current) => {
    const isStillStored = storedLoginIn(current)?.refreshToken.equals(spent) === true;
    return isStillStored ? new Map(tokenChanges(tokens)) : null;
  });
}
