/** Decides on requests: login route, public endpoint, remembered credential, methods, in this order. @module */
import { anonymous } from '@tessera/token';
import type { CheckedRequest } from '../methods/method.ts';
import type { CredentialKind } from '../request/credential.ts';
import { onlyHeader, readAuthorization, readAuthToken } from '../request/read-credential.ts';
import type { RequestHead } from '../request/request-head.ts';
import { invalidToken, unauthorized } from './answers.ts';
import { askMethods } from './ask-methods.ts';
import type { Decision, Guard } from './guard.ts';
import { isPlainPath, isPublic, type PublicEndpoint, pathOf } from './public-endpoints.ts';
import { challengeOf, type SettleParts, settleCredentials } from './settle-credential.ts';

export interface CheckParts extends SettleParts {
  readonly loginPaths: ReadonlySet<string>;
  readonly publicEndpoints: readonly PublicEndpoint[];
  readonly clock: () => number;
  readonly checked: (head: RequestHead) => CheckedRequest;
}

export interface RequestChecks {
  readonly decide: Guard['decide'];
  readonly hits: number;
  readonly misses: number;
}

const toPublic: Decision = Object.freeze({ kind: 'pass', principal: anonymous });
const toLogin: Decision = Object.freeze({ kind: 'log-in' });

export function checkRequests(parts: CheckParts): RequestChecks {
  const { methods, loginPaths, publicEndpoints, memory, counts, clock, checked } = parts;
  const takes: ReadonlySet<CredentialKind> = new Set(methods.flatMap(({ credentials }) => credentials));
  const methodsOf = new Map(
    [...takes].map((kind) => [kind, methods.filter(({ credentials }) => credentials.includes(kind))]),
  );
  const { refuse, settle, settleRemembered, settleFault } = settleCredentials(parts);
  const noCredential = unauthorized(challengeOf(methods, null));
  const several = takes.has('bearer') || takes.has('x-auth-token') ? invalidToken(null) : noCredential;
  let hits = 0;
  let misses = 0;

  const checkAnew = (
    sent: string,
    authToken: string | undefined,
    head: RequestHead,
  ): Decision | Promise<Decision> => {
    const read = authToken === undefined ? readAuthorization(sent, takes) : readAuthToken(authToken);
    if (read.kind === 'none') return refuse(noCredential);
    if (read.kind === 'malformed') {
      return refuse(read.of === 'basic' ? unauthorized(challengeOf(methods, 'basic')) : invalidToken(null));
    }
    misses++;
    const { kind } = read;
    const judgement = askMethods(methodsOf.get(kind) ?? [], read, checked(head));
    if (!(judgement instanceof Promise)) return settle(judgement, kind, sent, head);
    return judgement.then((settled) => settle(settled, kind, sent, head));
  };

  const decideByCredential = (head: RequestHead): Decision | Promise<Decision> => {
    const authorization = onlyHeader(head.headers, 'authorization');
    const authToken = takes.has('x-auth-token') ? onlyHeader(head.headers, 'x-auth-token') : undefined;
    if (authorization === null || authToken === null) return refuse(several);
    if (authorization !== undefined && authToken !== undefined) return refuse(several);
    // No value of Authorization can begin with a line break, so the two headers' values never meet in the memory.
    const sent = authToken === undefined ? authorization : `\n${authToken}`;
    if (sent === undefined) return refuse(noCredential);
    const known = memory.get(sent);
    if (known === undefined) return checkAnew(sent, authToken, head);
    if (known.accepted.remembered?.stands(clock()) === true) {
      hits++;
      return settleRemembered(known, sent, head);
    }
    memory.delete(sent);
    return checkAnew(sent, authToken, head);
  };

  return {
    decide(head, mark) {
      if (head.method === 'POST' && loginPaths.size > 0 && loginPaths.has(pathOf(head.target))) {
        counts.login++;
        return toLogin;
      }
      const isMarked = mark === 'public' && isPlainPath(pathOf(head.target));
      if (isMarked || (publicEndpoints.length > 0 && isPublic(publicEndpoints, head))) {
        counts.public++;
        return toPublic;
      }
      try {
        const decision = decideByCredential(head);
        return decision instanceof Promise ? decision.catch(settleFault) : decision;
      } catch (thrown) {
        return settleFault(thrown);
      }
    },
    get hits() {
      return hits;
    },
    get misses() {
      return misses;
    },
  };
}
