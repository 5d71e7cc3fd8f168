/** User names and passwords (HTTP Basic), checked by the server at each request, successes remembered for half a minute. @module */
import { nameClaim, principalOf, roleClaim } from '@tessera/token';
import type { Accepted, CheckedRequest, Refused, Unavailable, Verdict } from '../methods/method.ts';
import type { Credential } from '../request/credential.ts';
import { privateOnly } from '../request/private-only.ts';
import { refusedPassword, slowed } from './answers.ts';
import { askBasic } from './ask-basic.ts';
import type { ServerQuestions } from './ask-server.ts';
import { rememberBasic } from './remember-basic.ts';

export interface BasicCheck {
  check(
    credential: Credential & { readonly kind: 'basic' },
    request: CheckedRequest,
  ): Verdict | Promise<Verdict>;
}

/** @param domain name of the domain that the accounts are of; null: the root domain */
export function basicAtServer(server: ServerQuestions, domain: string | null): BasicCheck {
  const memory = rememberBasic();
  const isPrivate = privateOnly();
  return {
    check(credential, request) {
      if (!isPrivate(request)) return refused();
      const { head, nowMs } = request;
      const { userName, password } = credential;
      const known = memory.find(userName, password, nowMs);
      if (known !== null) return known;
      const question = { userName, password, domain, address: head.remoteAddress };
      return askBasic(server, question).then((answer) => {
        switch (answer.kind) {
          case 'accepted': {
            const accepted = acceptedAs(answer.userName, answer.roles);
            memory.add(userName, password, accepted, nowMs);
            return accepted;
          }
          case 'refused':
            return refused();
          case 'slowed':
            return { kind: 'refused', description: null, answer: slowed(answer.retryAfterSeconds) };
          case 'unavailable':
            return unavailable;
        }
      });
    },
  };
}

const unavailable: Unavailable = Object.freeze({ kind: 'unavailable', retryAfterSeconds: 5 });

const refused = (): Refused => ({ kind: 'refused', description: null, answer: refusedPassword() });

/** Not to be remembered by the guard, whose memory knows credentials by their text. */
function acceptedAs(userName: string, roles: readonly string[]): Accepted {
  const claims = { [nameClaim]: userName, ...(roles.length === 0 ? {} : { [roleClaim]: roles }) };
  return {
    kind: 'accepted',
    principal: principalOf(claims),
    remembered: null,
    denialKey: null,
    narrow: null,
  };
}
