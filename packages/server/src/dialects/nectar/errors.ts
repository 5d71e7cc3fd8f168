/** This dialect's words for every refusal: of a pair, one sentence whatever is wrong with it. @module */
import { wordForBasic } from '../../http/basic-face.ts';
import type { Refusal, WordedRefusal } from '../../http/refusal.ts';
import { wordedAs } from '../../http/status-face.ts';

export function wordRefusal(refusal: Refusal, requestId: string): WordedRefusal {
  switch (refusal.kind) {
    case 'invalid_token':
    case 'unauthenticated':
    case 'session_ended':
      return wordedAs(badPair, requestId);
    default:
      return wordForBasic(refusal, requestId);
  }
}

const badPair = {
  status: 401,
  message: 'Invalid or expired token pair',
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
};
