/** A deny list as the guard asks it: a yes, a no, or 503. @module */
import { causeOf, type Log } from '../guard/log.ts';
import { type DenyList, DenyListUnavailable } from './deny-list.ts';

const retryAfterSeconds = 15;

/** What the list throws is logged and becomes {@link DenyListUnavailable}; only `false` is a no. */
export function guardedDenyList(list: DenyList, log: Log): DenyList {
  if (typeof list.has !== 'function') throw new TypeError('a deny list has a function "has"');
  const failed = (thrown: unknown): never => {
    if (thrown instanceof DenyListUnavailable) throw thrown;
    const message = 'the deny list failed; requests are answered 503';
    log({ code: 'TESSERA_DENY_LIST_FAILED', message, cause: causeOf(thrown, []) });
    throw new DenyListUnavailable(retryAfterSeconds);
  };
  return {
    has(key) {
      try {
        const answer: unknown = list.has(key);
        if (typeof answer === 'boolean') return answer;
        return Promise.resolve(answer).then((later) => later !== false, failed);
      } catch (thrown) {
        return failed(thrown);
      }
    },
  };
}
