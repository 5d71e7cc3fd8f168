/** `sessions end` @module */
import type { Request } from '@tessera/client';
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { UsageError } from '../../program/errors.ts';
import { switchFlag, textFlag } from '../../program/flag.ts';
import { printFields } from '../../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {
    others: switchFlag('all sessions but the one of this login, those of programs as well'),
    'sign-ins': switchFlag('with --others: leave those of programs'),
  },
  words: { id: textFlag('as sessions list gives it', { placeholder: 'ID' }) },
  examples: ({ name }) => [
    `${name} sessions end 0c9f6d3e-7a1b-4c52-9d1e-2f7a6b5c4d3e`,
    `${name} sessions end --others`,
    `${name} sessions end --others --sign-ins`,
  ],
  run: async ({ id, others, 'sign-ins': onlySignIns }, invocation) => {
    if ((id === null) !== others) throw new UsageError('name one session, or --others');
    if (onlySignIns && !others) throw new UsageError('--sign-ins goes with --others');
    await callAccount(requestFor(id, onlySignIns), invocation);
    printFields({ id, others }, id === null ? 'all other sessions ended' : 'session ended', invocation);
  },
});

function requestFor(id: string | null, onlySignIns: boolean): Request {
  const method = 'DELETE';
  if (id !== null) return { method, path: accountPath(`sessions/${encodeURIComponent(id)}`) };
  return { method, path: accountPath('sessions'), ...(onlySignIns ? { query: { kind: 'sign-in' } } : {}) };
}
