/** No password is taken over a wire that others can read; the operator is told so, once. @module */
import type { CheckedRequest } from '../methods/method.ts';

export function privateOnly(): (request: CheckedRequest) => boolean {
  let isTold = false;
  return ({ head, log }) => {
    if (!head.isPrivate && !isTold) {
      isTold = true;
      const message =
        'a password came over plain HTTP and is refused unread; use TLS, or let the framework trust the proxy that speaks it';
      log({ code: 'TESSERA_PASSWORD_IN_CLEAR', message, cause: null });
    }
    return head.isPrivate;
  };
}
