/** The method `tessera`: access tokens of a Tessera server, and what the server says of them. @module */
import {
  type BearerRules,
  type Claims,
  decodeJsonWebToken,
  RemoteKeysError,
  type SignedToken,
} from '@tessera/token';
import { type BearerCheck, judgeSigned, readBearer, refused } from '../methods/bearer-check.ts';
import type { CheckedRequest, CredentialMethod, Refused, Unavailable, Verdict } from '../methods/method.ts';
import type { Credential } from '../request/credential.ts';
import { connectionTo } from './connection.ts';
import { judgeByFeed } from './judge-by-feed.ts';
import { judgeOnline } from './judge-online.ts';
import { narrowToken } from './narrow-token.ts';
import type { TesseraOptions } from './options.ts';
import { staleAfterMs, tesseraRules } from './rules.ts';
import { serverAddress } from './server-address.ts';
import { serverKeys } from './server-keys.ts';
import { readServerToken, type ServerToken } from './server-token.ts';
import type { TokenKind } from './token-kind.ts';

const everyKind: readonly TokenKind[] = ['ciphertrust', 'nebularstack', 'nectar'];
const keysUnavailable: Unavailable = Object.freeze({ kind: 'unavailable', retryAfterSeconds: 5 });
/** The last second of the year 9999, for tokens whose end is the server's to say. */
const endless = 253_402_300_799;

/**
 * @throws {TypeError} for an address that is not `https:` or this machine, a missing credential, or numbers out of range
 */
export function tessera(options: TesseraOptions): CredentialMethod {
  const server = serverAddress(options.server);
  const published = serverKeys(server);
  const check: BearerCheck = { keys: published.keys, rules: tesseraRules(options, server), types: ['jwt'] };
  const connection = connectionTo(server, published, options);
  const kinds = new Set(options.accept ?? everyKind);
  const { mode = 'live', whenStale = 'refuse' } = options;
  const staleMs = staleAfterMs(options);

  /** The steps after signature, deny list, lifetime, audience and issuer. */
  const settle = (
    verdict: Verdict,
    token: ServerToken,
    { sent, claims }: { readonly sent: string; readonly claims: Claims },
    request: CheckedRequest,
  ): Verdict | Promise<Verdict> => {
    if (verdict.kind === 'refused') return withExpiry(verdict, token);
    if (verdict.kind !== 'accepted') return verdict;
    if (connection === null) return { ...verdict, ...narrowToken(token, claims, null) };
    if (mode === 'online' || claims.exp === undefined)
      return judgeOnline(connection, { verdict, token, sent, claims, request });
    const { feed } = connection;
    if (feed === null) return verdict;
    return judgeByFeed({ feed, staleMs, whenStale }, token, request.nowMs, {
      ...verdict,
      ...narrowToken(token, claims, connection),
    });
  };

  const judge = (sent: string, signed: SignedToken, request: CheckedRequest): Verdict | Promise<Verdict> => {
    const { claims } = signed;
    const token = readServerToken(claims);
    if (token === null || !kinds.has(token.kind) || signed.header.typ === undefined)
      return refused('malformed');
    const isEndless = claims.exp === undefined;
    // Only tokens of version 3 may be without end, because only they are asked about at every use.
    if (isEndless && (token.caller.version !== 3 || connection === null)) return refused('no_expiration');
    const judged = isEndless ? { ...signed, claims: { ...claims, exp: endless } } : signed;
    const verdict = judgeSigned(check, sent, judged, request);
    const about = { sent, claims: claims as Claims };
    return verdict instanceof Promise
      ? verdict.then((later) => settle(later, token, about, request))
      : settle(verdict, token, about, request);
  };

  return {
    role: 'credentials',
    name: 'tessera',
    credentials: ['bearer', 'x-auth-token'],
    challenge: 'Bearer',
    check(credential, request) {
      if (credential.kind === 'basic') return refused('malformed');
      const { token: sent } = credential;
      const signed = readBearer(check, sent);
      if (!('refusal' in signed)) return judge(sent, signed, request);
      // No stranger's token causes a request, nor waits for one.
      if (!signed.lacksKey || !claimsIssuer(credential, check.rules)) return refused(signed.refusal);
      return published.renew().then(
        () => {
          const again = readBearer(check, sent);
          return 'refusal' in again ? refused(again.refusal) : judge(sent, again, request);
        },
        (error: unknown) => {
          if (error instanceof RemoteKeysError) return keysUnavailable;
          throw error;
        },
      );
    },
    start: () => connection?.feed?.start(),
    close() {
      connection?.feed?.close();
      connection?.uses.close();
    },
    metrics() {
      const { keys, ageMs, fetches, failures } = published.state;
      return {
        keys,
        keysAgeSeconds: ageMs === null ? -1 : ageMs / 1000,
        keyFetches: fetches,
        keyFetchFailures: failures,
        ...connection?.online.metrics(),
        ...connection?.feed?.metrics(),
        ...(connection?.feed ? { feedStale: connection.feed.ageMs() > staleMs ? 1 : 0 } : {}),
      };
    },
  };
}

/** What the token says of itself, unverified: good enough to refuse it. */
function claimsIssuer(credential: Exclude<Credential, { kind: 'basic' }>, { issuers }: BearerRules): boolean {
  return issuers?.includes(decodeJsonWebToken(credential.token).issuer ?? '') ?? false;
}

/** By this header clients of `nebularstack` know that they have to renew. */
function withExpiry(verdict: Refused, { kind }: ServerToken): Refused {
  if (kind !== 'nebularstack' || verdict !== refused('expired')) return verdict;
  const challenge = `Bearer error="invalid_token", error_description="${verdict.description}"`;
  const headers = { 'WWW-Authenticate': challenge, 'X-Expired-Token': 'true' };
  return { ...verdict, answer: { status: 401, headers, body: '' } };
}
