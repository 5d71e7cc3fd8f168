/** Asks the methods that take a credential, in their order. @module */

import { DenyListUnavailable } from '../deny/deny-list.ts';
import type {
  Accepted,
  CheckedRequest,
  CredentialMethod,
  Refused,
  Revoked,
  Unavailable,
  Verdict,
} from '../methods/method.ts';
import type { Credential } from '../request/credential.ts';
import { causeOf } from './log.ts';

export type Judgement =
  | Accepted
  | Revoked
  | Unavailable
  /** By every one of them. */
  | { readonly kind: 'all-refused'; readonly refusals: readonly Refused[] };

/** When a method failed, rather than refused, clients may try again after this. */
const retryAfterFaultSeconds = 15;

/** Any may accept; the first that accepts, revokes or cannot tell has the last word. A promise only where a method needs one. */
export function askMethods(
  methods: readonly CredentialMethod[],
  credential: Credential,
  request: CheckedRequest,
): Judgement | Promise<Judgement> {
  return askFrom(0, methods, credential, request, []);
}

function askFrom(
  start: number,
  methods: readonly CredentialMethod[],
  credential: Credential,
  request: CheckedRequest,
  refusals: Refused[],
): Judgement | Promise<Judgement> {
  for (let index = start; index < methods.length; index++) {
    const method = methods[index] as CredentialMethod;
    const verdict = askOne(method, credential, request);
    if (verdict instanceof Promise) {
      return verdict.then((settled) => {
        if (settled.kind !== 'refused') return settled;
        refusals.push(settled);
        return askFrom(index + 1, methods, credential, request, refusals);
      });
    }
    if (verdict.kind !== 'refused') return verdict;
    refusals.push(verdict);
  }
  return { kind: 'all-refused', refusals };
}

function askOne(
  method: CredentialMethod,
  credential: Credential,
  request: CheckedRequest,
): Verdict | Promise<Verdict> {
  try {
    const verdict = method.check(credential, request);
    if (!(verdict instanceof Promise)) return verdict;
    return verdict.catch((thrown) => failed(thrown, method, credential, request));
  } catch (thrown) {
    return failed(thrown, method, credential, request);
  }
}

function failed(
  thrown: unknown,
  method: CredentialMethod,
  credential: Credential,
  request: CheckedRequest,
): Unavailable {
  if (thrown instanceof DenyListUnavailable) {
    return { kind: 'unavailable', retryAfterSeconds: thrown.retryAfterSeconds };
  }
  const secret = credential.kind === 'basic' ? credential.password.reveal() : credential.token;
  request.log({
    code: 'TESSERA_METHOD_FAILED',
    message: `method ${method.name} failed; the request is answered 503`,
    cause: causeOf(thrown, [secret]),
  });
  return { kind: 'unavailable', retryAfterSeconds: retryAfterFaultSeconds };
}
