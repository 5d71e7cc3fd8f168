/** The method `nectar`: API tokens of a Tessera server, and the user names and passwords of its local accounts. @module */
import type { Secret } from '@tessera/token';
import type { Log } from '../guard/log.ts';
import type { CredentialMethod, Refused, Verdict } from '../methods/method.ts';
import { serverAddress } from '../tessera/server-address.ts';
import { tessera } from '../tessera/tessera.ts';
import { basicChallenge, refusedToken } from './answers.ts';
import { basicAtServer } from './basic-at-server.ts';

export interface NectarOptions {
  /** Address of the server, `https:`, or `http:` on this machine. */
  readonly server: string | URL;
  /**
   * Whether the server's list of ended sessions and replaced pairs is followed, and applied within 15 seconds: true; or a token
   * is taken until its end: false. Default true where there is a credential.
   */
  readonly live?: boolean;
  /** Of an application registered at the server; needed to be live. */
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
  /** How old the list may be before requests are answered 503. Default 300. */
  readonly maxStaleSeconds?: number;
  /** Default: warnings of the process. */
  readonly log?: Log;
}

/**
 * Refusals have the body that the server's own have. A bad token beside a good password is refused, and the reverse.
 *
 * @throws {TypeError} for an address that is not `https:` or this machine, or `live` without a credential
 */
export function nectar(options: NectarOptions): CredentialMethod {
  const { server, live = options.credential !== undefined, basic = false, domain = null, ...rest } = options;
  const tokens = tessera({
    clockSkewSeconds: 0,
    ...rest,
    server,
    mode: live ? 'live' : 'offline',
    accept: ['nectar'],
  });
  const passwords = basic ? basicAtServer(serverAddress(server), domain) : null;
  return {
    ...tokens,
    name: 'nectar',
    credentials: passwords === null ? ['bearer'] : ['bearer', 'basic'],
    challenge: passwords === null ? 'Bearer' : `Bearer, ${basicChallenge}`,
    check(credential, request) {
      if (credential.kind === 'basic') return passwords?.check(credential, request) ?? noBasic;
      const verdict = tokens.check(credential, request);
      return verdict instanceof Promise ? verdict.then(worded) : worded(verdict);
    },
    close() {
      passwords?.close();
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
