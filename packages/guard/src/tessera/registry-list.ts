/** The deny list of a registered application, followed at its Tessera server. @module */
import type { Secret } from '@tessera/token';
import { type DenyList, DenyListUnavailable } from '../deny/deny-list.ts';
import { type Log, logToProcess } from '../guard/log.ts';
import { serverCaller } from './call-server.ts';
import { follow, waitFor } from './follow.ts';
import { useReporter } from './report-uses.ts';
import { serverAddress } from './server-address.ts';
import { ServerError } from './server-error.ts';

export interface RegistryOptions {
  /** Address of the server, `https:`, or `http:` on this machine. */
  readonly url: string | URL;
  /** Name of the application: that of another one's credential is refused. */
  readonly application: string;
  /** Shown once when the application was registered. */
  readonly credential: string | Secret;
  /** `deny-list`: what the registry denies is refused. `known-only`: so is what it did not grant. */
  readonly mode: 'deny-list' | 'known-only';
  /** Within this time the list is applied. Default 15. */
  readonly refreshSeconds?: number;
  /** An older list answers nothing: 503. Default 300. */
  readonly maxStaleSeconds?: number;
  /** Default: warnings of the process. */
  readonly log?: Log;
}

const answerMs = 5_000;
const longestWaitSeconds = 30;
const retryAfterSeconds = 15;

/** @throws {TypeError} for options that are none */
export function registryList(options: RegistryOptions): DenyList {
  const { application, mode, refreshSeconds = 15, maxStaleSeconds = 300, log = logToProcess } = options;
  if (mode !== 'deny-list' && mode !== 'known-only')
    throw new TypeError('the mode of a registry is "deny-list" or "known-only"');
  if (typeof application !== 'string' || application === '')
    throw new TypeError('a registry names its application');
  for (const seconds of [refreshSeconds, maxStaleSeconds])
    if (!(Number.isFinite(seconds) && seconds > 0)) throw new TypeError('seconds are a number above 0');
  const call = serverCaller(serverAddress(options.url), options.credential);
  const uses = useReporter(call);
  const kind = mode === 'deny-list' ? 'denied' : 'known';
  // The server answers at once when the list changes; that a connection is dead is noticed within the time.
  const waitSeconds = waitFor(
    Math.min(longestWaitSeconds, refreshSeconds - answerMs / 1000),
    maxStaleSeconds,
  );
  let keys: ReadonlySet<string> | null = null;
  let tag: string | null = null;

  const ask = async (signal: AbortSignal): Promise<'continue' | { pauseMs: number }> => {
    const path = `guard/v1/tokens?list=${kind}${tag === null ? '' : `&wait=${waitSeconds}`}`;
    const headers: Record<string, string> = tag === null ? {} : { 'if-none-match': tag };
    const timeoutMs = waitSeconds * 1000 + answerMs;
    const answer = await call({ method: 'GET', path, headers, timeoutMs, signal });
    if (answer.body !== null) {
      keys = readKeys(answer.body, kind, application);
      tag = answer.tag;
    }
    return { pauseMs: waitSeconds === 0 ? Math.min(refreshSeconds, maxStaleSeconds / 4) * 1000 : 100 };
  };
  const following = follow({ what: `list of tokens of ${application}`, ask, log });
  const isStale = (): boolean => following.ageMs() > maxStaleSeconds * 1000;

  const isRefused = (key: string): boolean => {
    if (keys === null || isStale()) throw new DenyListUnavailable(retryAfterSeconds);
    const isListed = keys.has(key);
    if (kind === 'denied' ? isListed : !isListed) return true;
    uses.token(key);
    return false;
  };
  return {
    has: (key) => (keys === null ? following.first().then(() => isRefused(key)) : isRefused(key)),
    start: following.start,
    close() {
      following.close();
      uses.close();
    },
    metrics() {
      const ageMs = following.ageMs();
      return {
        listAgeSeconds: Number.isFinite(ageMs) ? ageMs / 1000 : -1,
        listStale: isStale() ? 1 : 0,
        listedTokens: keys?.size ?? 0,
        listAnswers: following.counts.answers,
        listFailures: following.counts.failures,
      };
    },
  };
}

/** @throws {ServerError} for another answer, or another application's list */
function readKeys(
  body: Readonly<Record<string, unknown>>,
  kind: 'denied' | 'known',
  application: string,
): ReadonlySet<string> {
  const { [kind]: keys, application: name, id } = body;
  const isText = (key: unknown): key is string => typeof key === 'string';
  if (!Array.isArray(keys) || !keys.every(isText) || !isText(name)) throw new ServerError('bad_content');
  // A credential in the wrong place would let tokens pass that this application has denied.
  if (name.toLowerCase() !== application.toLowerCase() && id !== application)
    throw new ServerError('other_application');
  return new Set(keys);
}
