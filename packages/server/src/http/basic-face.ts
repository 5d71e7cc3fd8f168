/** The words of refusals to HTTP Basic (RFC 7617): the same whatever is wrong, and what to do instead. @module */
import type { Refusal, WordedRefusal } from './refusal.ts';
import { wordByStatus, wordedAs } from './status-face.ts';

const wrong = {
  status: 401,
  message:
    'Wrong user name or password. Accounts that use single sign-on or a second factor cannot use Basic authentication: generate an API token.',
  headers: { 'www-authenticate': 'Basic realm="Tessera", charset="UTF-8"' },
};

export function wordForBasic(refusal: Refusal, requestId: string): WordedRefusal {
  return refusal.kind === 'wrong_credentials' ? wordedAs(wrong, requestId) : wordByStatus(refusal, requestId);
}
