/** `logout` @module */
import { UnreachableError } from '@tessera/client';
import { readConfigFile } from '../config/config-file.ts';
import type { Key } from '../config/keys.ts';
import { configPathOf } from '../config/layers.ts';
import { withLock } from '../config/lock.ts';
import { revokeLogin } from '../login/revoke-login.ts';
import { changeLockedFile, type StoredLogin, storedLoginIn } from '../login/stored-login.ts';
import { pairIn } from '../login/token-pair.ts';
import { type Command, defineCommand, type Invocation } from '../program/command.ts';
import { LocalError } from '../program/errors.ts';
import { printLine, warn } from '../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {},
  examples: ({ name }) => [`${name} logout`, `${name} logout --configfile ci.yaml`],
  run: async (_, invocation) => {
    const { context } = invocation;
    const path = configPathOf(invocation);
    // Also before the lock is taken, which would make the folder that a new user has not got.
    requireLogin(path, invocation);
    await withLock(path, context.nowMs, async () => {
      const login = requireLogin(path, invocation);
      if (login !== 'pair') await revoke(login, invocation);
      printLine(login === 'pair' ? pairForgotten : 'login revoked', context);
      const forgotten: readonly Key[] = ['ACCESSTOKEN', 'REFRESHTOKEN', 'CLIENTID'];
      changeLockedFile(path, context, () => new Map(forgotten.map((key) => [key, null])));
    });
  },
});

/** No route ends a session of this kind, which all of its user's devices share. */
const pairForgotten = 'login forgotten here; at the server it ends when it has not been used for 30 days';

/** `pair`: one that can only be forgotten. */
function requireLogin(path: string, { context }: Invocation): StoredLogin | 'pair' {
  const file = readConfigFile(path, context);
  if (file !== null && pairIn(file) !== null) return 'pair';
  const login = file === null ? null : storedLoginIn(file);
  if (login !== null && login.clientId !== null) return login;
  throw new LocalError(
    `login token and client id must exist in ${context.personality.name} configuration file`,
  );
}

async function revoke(login: StoredLogin, invocation: Invocation): Promise<void> {
  try {
    await revokeLogin(login, invocation);
  } catch (error) {
    if (error instanceof UnreachableError)
      warn('the login is not revoked and stays in the file', invocation.context);
    throw error;
  }
}
