/** From a judgement, or a memory of one, to the decision about this one request. @module */
import { type DenyList, DenyListUnavailable } from '../deny/deny-list.ts';
import type { Accepted, CredentialMethod, Narrowing } from '../methods/method.ts';
import type { CredentialKind } from '../request/credential.ts';
import type { RequestHead } from '../request/request-head.ts';
import type { Answer } from './answer.ts';
import { badRequest, forbidden, joinedRefusal, revoked, unavailable } from './answers.ts';
import type { Judgement } from './ask-methods.ts';
import type { Decision } from './guard.ts';
import { causeOf, type Log } from './log.ts';
import type { RequestCounts } from './metrics.ts';
import type { RememberedCredentials, RememberedEntry } from './remembered-credentials.ts';

export interface SettleParts {
  readonly methods: readonly CredentialMethod[];
  readonly denyList: DenyList | null;
  readonly memory: RememberedCredentials;
  readonly counts: RequestCounts;
  readonly log: Log;
}

export interface Settling {
  refuse(answer: Answer): Decision;
  settle(
    judgement: Judgement,
    kind: CredentialKind,
    sent: string,
    head: RequestHead,
  ): Decision | Promise<Decision>;
  /** A remembered credential still stands; whether it was denied since is asked at every request. */
  settleRemembered(entry: RememberedEntry, sent: string, head: RequestHead): Decision | Promise<Decision>;
  /** What should not have been thrown, or a deny list that cannot answer: 503. */
  settleFault(thrown: unknown): Decision;
}

export function settleCredentials({ methods, denyList, memory, counts, log }: SettleParts): Settling {
  const refuse = (answer: Answer): Decision => {
    if (answer.status === 503) counts.unavailable++;
    else if (answer.status === 403) counts.forbidden++;
    else counts.refused++;
    return { kind: 'answer', answer };
  };
  const pass = (decision: Decision): Decision => {
    counts.passed++;
    return decision;
  };
  const revoke = (sent: string, answer: Answer = revoked): Decision => {
    memory.delete(sent);
    counts.revoked++;
    return { kind: 'answer', answer };
  };

  const ofNarrowing = (narrowing: Narrowing, { accepted, pass: whole }: RememberedEntry): Decision => {
    if (narrowing.kind === 'unavailable') return refuse(unavailable(narrowing.retryAfterSeconds));
    if (narrowing.kind === 'refused') return refuse(narrowing.status === 400 ? badRequest : forbidden);
    const { principal } = narrowing;
    return pass(principal === accepted.principal ? whole : { kind: 'pass', principal });
  };
  const narrowed = (entry: RememberedEntry, head: RequestHead): Decision | Promise<Decision> => {
    const { narrow } = entry.accepted;
    if (narrow === null) return pass(entry.pass);
    const narrowing = narrow(head);
    if (!(narrowing instanceof Promise)) return ofNarrowing(narrowing, entry);
    return narrowing.then((settled) => ofNarrowing(settled, entry));
  };
  const remember = (accepted: Accepted, sent: string): RememberedEntry => {
    const whole: Decision = Object.freeze({ kind: 'pass', principal: accepted.principal });
    const entry: RememberedEntry = { accepted, pass: whole };
    memory.set(sent, entry);
    return entry;
  };

  return {
    refuse,
    settle(judgement, kind, sent, head) {
      switch (judgement.kind) {
        case 'accepted':
          return narrowed(remember(judgement, sent), head);
        case 'revoked':
          return revoke(sent, judgement.answer);
        case 'unavailable':
          return refuse(unavailable(judgement.retryAfterSeconds));
        case 'all-refused':
          return refuse(
            joinedRefusal(judgement.refusals, kind === 'basic' ? challengeOf(methods, kind) : null),
          );
        default:
          return judgement satisfies never;
      }
    },
    settleRemembered(entry, sent, head) {
      const { denialKey } = entry.accepted;
      if (denyList === null || denialKey === null) return narrowed(entry, head);
      const isDenied = denyList.has(denialKey);
      if (typeof isDenied === 'boolean') return isDenied ? revoke(sent) : narrowed(entry, head);
      return isDenied.then((denied) => (denied ? revoke(sent) : narrowed(entry, head)));
    },
    settleFault(thrown) {
      if (thrown instanceof DenyListUnavailable) return refuse(unavailable(thrown.retryAfterSeconds));
      const message = 'a request could not be decided on and is answered 503';
      log({ code: 'TESSERA_METHOD_FAILED', message, cause: causeOf(thrown, []) });
      return refuse(unavailable(15));
    },
  };
}

/** Of all methods, or of those that take a kind of credential; equal ones once. */
export function challengeOf(methods: readonly CredentialMethod[], kind: CredentialKind | null): string {
  const asked = methods.filter(({ credentials }) => kind === null || credentials.includes(kind));
  return [...new Set(asked.map(({ challenge }) => challenge))].join(', ');
}
