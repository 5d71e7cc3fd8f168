/** `scope` @module */
import { buildPairRescope, type NamedScope, readTokenPair, sendRequest } from '@tessera/client';
import { readConfigFile } from '../config/config-file.ts';
import { withLock } from '../config/lock.ts';
import { loadSettings, requireUrl } from '../config/settings.ts';
import { commandByDialect } from '../connect/by-dialect.ts';
import { connectionTo } from '../connect/connection.ts';
import { readTarget, targetWords } from '../connect/target-words.ts';
import { changeLockedFile } from '../login/stored-login.ts';
import { pairChanges, pairIn } from '../login/token-pair.ts';
import { type Command, defineAction, type Invocation } from '../program/command.ts';
import { LocalError, UsageError } from '../program/errors.ts';
import { printWithoutTokens } from '../terminal/print.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: {},
      words: targetWords,
      run: async (words, invocation) => {
        const target = readTarget(words);
        const path = keptPath(invocation);
        // Held over the request: of two who choose at once, the file shall hold what the server gave the second.
        await withLock(path, invocation.context.nowMs, () => rescope(path, target, invocation));
      },
    }),
  },
  ({ name }) => [
    `${name} scope acme.example`,
    `${name} scope acme.example 7d1f3f0e-8a35-4f0e-9d0b-5a9f2f1f6c11`,
    `${name} scope none        # no domain: only roles held everywhere`,
  ],
);

/** @throws {UsageError} no login is kept that could be changed */
function keptPath(invocation: Invocation): string {
  const { name } = invocation.context.personality;
  const path = loadSettings(invocation).pair?.path ?? null;
  if (path === null) throw new UsageError(`no login is kept: ${name} login --dialect nebularstack`);
  return path;
}

async function rescope(path: string, target: NamedScope, invocation: Invocation): Promise<void> {
  const { context } = invocation;
  const settings = loadSettings(invocation);
  const connection = connectionTo(requireUrl(settings, invocation), settings, context);
  const file = readConfigFile(path, context);
  const pair = file === null ? null : pairIn(file);
  if (pair === null) throw new LocalError('somebody has logged out meanwhile');
  const answer = await sendRequest(connection, buildPairRescope(pair, target));
  changeLockedFile(path, context, () => new Map(pairChanges(readTokenPair(answer))));
  printWithoutTokens(answer.body ?? {}, context);
}
