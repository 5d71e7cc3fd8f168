/** The method `nectar`: API tokens of a Tessera server, and the user names and passwords of its local accounts. @module */
import type { Secret } from '@tessera/token';
import type { Log } from '../guard/log.ts';
import type { CredentialMethod, Refused, Verdict } from '../methods/method.ts';
import { staleAfterMs } from '../tessera/rules.ts';
import { serverAddress } from '../tessera/server-address.ts';
import { tessera } from '../tessera/tessera.ts';
import { basicChallenge, refusedToken } from './answers.ts';
import { askAboutTokens } from './ask-about-tokens.ts';
import { askServer } from './ask-server.ts';
import { basicAtServer } from './basic-at-server.ts';

export interface NectarOptions {
  /** Address of the server, `https:`, or `http:` on this machine. */
  readonly server: string | URL;
  /**
   * Whether what the server ends and replaces is refused within 15 seconds: true; or a token is taken until its end: false.
   * Default true where there is a credential.
   */
  readonly live?: boolean;
  /** Of an application registered at the server: with it the guard follows the server's list, else it asks about each token. */
  readonly credential?: string | Secret;
  /** Whether user name and password will do as well (HTTP Basic), which the server is asked about each time. Default false. */
  readonly basic?: boolean;
  /** Name of the domain that user names are of; default: the root domain. */
  readonly domain?: string;
  /** `iss` of the server's tokens; default: its address. */
  readonly issuer?: string | readonly string[];
  /** `aud` to expect; default: not looked at. */
  readonly audience?: string | readonly string[];
  /** How far this clock may be off. Default 0, at most 600. */
  readonly clockSkewSeconds?: number;
  /** How old the list, or an answer, may be before requests are answered 503. Default 300. */
  readonly maxStaleSeconds?: number;
  /** Default: warnings of the process. */
  readonly log?: Log;
}

/**
 * Refusals have the body that the server's own have. A bad token beside a good password is refused, and the reverse.
 *
 * @throws {TypeError} for an address that is not `https:` or this machine
 */
export function nectar(options: NectarOptions): CredentialMethod {
  // An unset variable of the environment would mean that nothing revoked is heard of.
  if ('credential' in options && options.credential === undefined && options.live === undefined)
    throw new TypeError('the credential is undefined; without one, say live: true or false');
  const { server, live = options.credential !== undefined, basic = false, domain = null, ...rest } = options;
  const tokens = tessera({
    clockSkewSeconds: 0,
    ...rest,
    server,
    mode: live && options.credential !== undefined ? 'live' : 'offline',
    accept: ['nectar'],
  });
  const questions = askServer(serverAddress(server));
  const passwords = basic ? basicAtServer(questions, domain) : null;
  const asked =
    live && options.credential === undefined ? askAboutTokens(questions, staleAfterMs(options)) : null;
  return {
    ...tokens,
    name: 'nectar',
    credentials: passwords === null ? ['bearer'] : ['bearer', 'basic'],
    challenge: passwords === null ? 'Bearer' : `Bearer, ${basicChallenge}`,
    check(credential, request) {
      if (credential.kind === 'basic') return passwords?.check(credential, request) ?? noBasic;
      const settle = (verdict: Verdict): Verdict | Promise<Verdict> => {
        if (asked === null || verdict.kind !== 'accepted') return worded(verdict);
        const about = { nowMs: request.nowMs, address: request.head.remoteAddress };
        const judged = asked.judge(credential.token, verdict, about);
        return judged instanceof Promise ? judged.then(worded) : worded(judged);
      };
      const verdict = tokens.check(credential, request);
      return verdict instanceof Promise ? verdict.then(settle) : settle(verdict);
    },
    close() {
      questions.close();
      return tokens.close?.();
    },
  };
}

const noBasic: Refused = Object.freeze({ kind: 'refused', description: null });

/** With a body, as scripts that read the server's own refusals expect. */
function worded(verdict: Verdict): Verdict {
  switch (verdict.kind) {
    case 'refused':
      return { ...verdict, answer: refusedToken(verdict.description) };
    case 'revoked':
      return { ...verdict, answer: refusedToken('The token is revoked') };
    default:
      return verdict;
  }
}
