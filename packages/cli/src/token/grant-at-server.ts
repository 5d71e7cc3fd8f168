/** Grants a token at a Tessera server, which signs it with the application's key and keeps it in its list. @module */
import type { JsonValue } from '@tessera/token';
import { accountPath, callAccount } from '../connect/call-account.ts';
import type { Invocation } from '../program/command.ts';
import { LocalError } from '../program/errors.ts';
import { printLine, remark } from '../terminal/print.ts';

export interface WantedToken {
  readonly application: string;
  /** Null: whoever signed in. */
  readonly identity: string | null;
  readonly roles: readonly string[];
  readonly expiry: Date | null;
  readonly payload: ReadonlyMap<string, JsonValue>;
  readonly description: string | null;
}

export async function grantAtServer(wanted: WantedToken, invocation: Invocation): Promise<void> {
  const { application, identity, roles, expiry, payload, description } = wanted;
  const body = {
    application,
    roles,
    payload: Object.fromEntries(payload),
    ...(identity === null ? {} : { identity }),
    ...(expiry === null ? {} : { expiry: expiry.toISOString() }),
    ...(description === null ? {} : { description }),
  };
  const answer = await callAccount(
    { method: 'POST', path: accountPath('json-web-tokens'), body },
    invocation,
  );
  const { token, hash } = answer.body ?? {};
  if (typeof token !== 'string') throw new LocalError('the server answered without a token');
  if (invocation.globals.json) return printLine(JSON.stringify(answer.body, null, 2), invocation.context);
  printLine(token, invocation.context);
  remark(`Granted as ${hash}; the token will not be shown again.`, invocation.context);
}
