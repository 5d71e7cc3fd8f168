/** The method `basic`: HTTP Basic (RFC 7617), with a check of the program's own. @module */
import { nameClaim, type Principal, payloadEntries, principalOf, roleClaim } from '@tessera/token';
import type { Answer } from '../guard/answer.ts';
import { unauthorized } from '../guard/answers.ts';
import { causeOf, type Log } from '../guard/log.ts';
import { type LoginCheck, runCheck } from '../login/check.ts';
import { LoginCredential } from '../login/credential.ts';
import { LoginSuccess } from '../login/result.ts';
import type { Credential } from '../request/credential.ts';
import { privateOnly } from '../request/private-only.ts';
import { checkedTimeout } from './login.ts';
import type { CheckedRequest, CredentialMethod, Refused, Verdict } from './method.ts';

export interface BasicOptions {
  /** Browsers show it; printable ASCII without `"` and `\`. Default `api`. */
  readonly realm?: string;
  /** A check that takes longer has failed. Default 30. */
  readonly timeoutSeconds?: number;
}

const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * The same check as a login's, asked at every request: nothing is remembered. Guessing is slowed down together with the login route.
 * Only for TLS and this machine: elsewhere the password can be read on the way, and is refused unread.
 */
export function basic(
  check: LoginCheck,
  { realm = 'api', timeoutSeconds = 30 }: BasicOptions = {},
): CredentialMethod {
  if (typeof check !== 'function') throw new TypeError('basic takes a function that checks a credential');
  if (!plainText.test(realm)) throw new TypeError('realm may hold printable ASCII only');
  const challenge = `Basic realm="${realm}", charset="UTF-8"`;
  const refused: Refused = { kind: 'refused', description: null, answer: unauthorized(challenge) };
  const seconds = checkedTimeout(timeoutSeconds);
  const isPrivate = privateOnly();
  return {
    role: 'credentials',
    name: 'basic',
    credentials: ['basic'],
    challenge,
    check: async (credential, request) => {
      if (credential.kind !== 'basic' || !isPrivate(request)) return refused;
      return (await judge(check, credential, request, seconds)) ?? refused;
    },
  };
}

/** Null: not this user with this password. */
async function judge(
  check: LoginCheck,
  { userName, password }: Credential & { readonly kind: 'basic' },
  { head, throttle, log }: CheckedRequest,
  timeoutSeconds: number,
): Promise<Verdict | null> {
  const admission = await throttle.admit(userName, head.remoteAddress);
  if (admission.kind === 'slowed') {
    return { kind: 'refused', description: null, answer: slowed(admission.retryAfterSeconds) };
  }
  const isEmpty = userName === '' || password.reveal() === '';
  const credential = new LoginCredential(userName, password.reveal());
  const result = isEmpty ? null : await runCheck(check, credential, timeoutSeconds, log);
  const principal = result instanceof LoginSuccess ? principalOfCheck(result, credential, log) : null;
  if (principal === null) {
    admission.attempt.failed();
    return null;
  }
  admission.attempt.succeeded();
  return { kind: 'accepted', principal, remembered: null, denialKey: null, narrow: null };
}

/** Null for a payload that no login's token could have, either: it would forge a name or a role. */
function principalOfCheck(
  { options }: LoginSuccess,
  credential: LoginCredential,
  log: Log,
): Principal | null {
  const { roles = [], payload = {}, userName = credential.userName } = options;
  try {
    const claims = { [nameClaim]: userName, ...(roles.length === 0 ? {} : { [roleClaim]: roles }) };
    return principalOf({ ...claims, ...Object.fromEntries(payloadEntries(payload)) });
  } catch (thrown) {
    const message = 'a success has a payload that is none, and counts as failed';
    log({ code: 'TESSERA_LOGIN_CHECK_FAILED', message, cause: causeOf(thrown, [credential.password]) });
    return null;
  }
}

function slowed(retryAfterSeconds: number): Answer {
  const headers = { 'Retry-After': String(retryAfterSeconds), 'Content-Length': '0' };
  return { status: 429, headers, body: '' };
}
