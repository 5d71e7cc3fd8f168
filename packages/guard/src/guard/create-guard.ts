/** Makes a guard: methods, policies and lists come together here. @module */
import { oneList } from '../deny/both-lists.ts';
import type { DenyList } from '../deny/deny-list.ts';
import { guardedDenyList } from '../deny/guarded-deny-list.ts';
import { logIn } from '../login/log-in.ts';
import { createThrottle } from '../login/throttle.ts';
import type { CheckedRequest } from '../methods/method.ts';
import { registryList } from '../tessera/registry-list.ts';
import { checkRequests } from './check-requests.ts';
import { chooseMethods } from './choose-methods.ts';
import type { Guard } from './guard.ts';
import { refuseUnknownOptions } from './known-options.ts';
import { type Log, logToProcess } from './log.ts';
import { loginToken } from './login-token.ts';
import { noRequests } from './metrics.ts';
import type { GuardOptions } from './options.ts';
import { createPolicies } from './policies.ts';
import { makePoliciesKnown } from './policy-names.ts';
import { isPlainPath, readPublicEndpoint } from './public-endpoints.ts';
import { rememberCredentials } from './remembered-credentials.ts';

const optionNames: readonly (keyof GuardOptions)[] = [
  'methods',
  'policies',
  'publicEndpoints',
  'paths',
  'denyList',
  'registry',
  'allowDefaultSigningKey',
  'memory',
  'log',
  'clock',
];

/**
 * A guard for one API. Everything that could be wrong with its options is said here, before anything listens.
 *
 * @throws {TypeError} for options that are none
 * @throws {DefaultSigningKeyError} for the signing key that everybody knows, where it is not allowed
 */
export function createGuard(options: GuardOptions): Guard {
  refuseUnknownOptions('createGuard', options, optionNames);
  const { log = logToProcess, clock = Date.now } = options;
  const { logins, credentials } = chooseMethods(options.methods, options.allowDefaultSigningKey);
  const policies = createPolicies(options.policies ?? {}, log);
  const lists = listsOf(options, log);
  const denyList = lists === null ? null : guardedDenyList(lists, log);
  // A wall clock that is set forward would forgive every guess.
  const throttle = createThrottle(options.clock ?? (() => performance.now()));
  const memory = rememberCredentials(options.memory ?? {});
  const paths = loginPaths(options.paths?.login);
  const openPaths = logins.length === 0 ? [] : paths;
  const counts = noRequests();
  const loginCounts = { succeeded: 0, failed: 0 };
  const checked = (head: CheckedRequest['head']): CheckedRequest => ({
    head,
    nowMs: clock(),
    denyList,
    throttle,
    log,
  });
  const requests = checkRequests({
    methods: credentials,
    loginPaths: new Set(openPaths),
    publicEndpoints: (options.publicEndpoints ?? []).map(readPublicEndpoint),
    denyList,
    memory,
    counts,
    log,
    clock,
    checked,
  });

  makePoliciesKnown(Object.keys(options.policies ?? {}));
  for (const method of credentials) method.start?.();
  lists?.start?.();

  return {
    loginPaths: openPaths,
    decide: requests.decide,
    async logIn(attempt) {
      const tokenFor: Parameters<typeof logIn>[0]['tokenFor'] = (success, credential) =>
        loginToken(credentials, success, credential, checked(attempt.head));
      const answer = await logIn({ methods: logins, throttle, log, tokenFor }, attempt);
      if (answer.status === 200) loginCounts.succeeded++;
      else loginCounts.failed++;
      return answer;
    },
    meets: policies.meets,
    policiesOf: policies.passedBy,
    metrics: () => ({
      requests: { ...counts },
      memory: { tokens: memory.size, hits: requests.hits, misses: requests.misses },
      login: { ...loginCounts, slowed: throttle.slowed },
      methods: credentials.flatMap((method) => {
        const metrics = method.metrics?.();
        return metrics === undefined ? [] : [{ name: method.name, metrics }];
      }),
      denyList: lists?.metrics?.() ?? null,
    }),
    forget: memory.clear,
    async close() {
      await Promise.all([...credentials.map((method) => method.close?.()), lists?.close?.()]);
    },
  };
}

function listsOf({ denyList, registry }: GuardOptions, log: Log): DenyList | null {
  return oneList(denyList ?? null, registry === undefined ? null : registryList({ log, ...registry }));
}

/** @throws {TypeError} for what is no plain path */
function loginPaths(given: string | readonly string[] = ['/login', '/api/login']): readonly string[] {
  const paths = typeof given === 'string' ? [given] : given;
  for (const path of paths) {
    if (!isPlainPath(path)) throw new TypeError(`a login path is plain, such as "/login": ${path}`);
  }
  return paths;
}
