/** What the guard has to say to the operator: with a code, with the cause, without secrets. @module */
import { inspect } from 'node:util';

export type GuardEventCode =
  | 'TESSERA_LOGIN_CHECK_FAILED'
  | 'TESSERA_LOGIN_TOKEN_REFUSED'
  | 'TESSERA_POLICY_FAILED'
  | 'TESSERA_METHOD_FAILED'
  | 'TESSERA_DENY_LIST_FAILED'
  | 'TESSERA_SERVER_UNAVAILABLE'
  | 'TESSERA_SERVER_BACK'
  | 'TESSERA_PASSWORD_IN_CLEAR';

export interface GuardEvent {
  readonly code: GuardEventCode;
  readonly message: string;
  /** What was thrown, as text, with every secret of the request taken out; null: nothing was. */
  readonly cause: string | null;
}

export type Log = (event: GuardEvent) => void;

/** As warnings of the process. */
export const logToProcess: Log = ({ code, message, cause }) => {
  process.emitWarning(message, {
    type: 'TesseraWarning',
    code,
    ...(cause === null ? {} : { detail: cause }),
  });
};

const shown = '[secret]';

/** @param secrets what must not be shown, however the thrown value came to hold it */
export function causeOf(thrown: unknown, secrets: readonly string[]): string {
  const text = thrown instanceof Error ? (thrown.stack ?? String(thrown)) : inspect(thrown, { depth: 1 });
  return secrets
    .filter((secret) => secret !== '')
    .reduce((all, secret) => all.replaceAll(secret, shown), text);
}
