/** What a guard's decision on a token costs: at first sight beside the bare signature, and when it is remembered. @module */
import { createVerify, type KeyObject, verify } from 'node:crypto';
import { createGuard, type Guard, jwt, type RequestHead } from '@tessera/guard';
import {
  exportPublicPem,
  generateSigningKey,
  type SigningKey,
  signToken,
  verificationKeyOf,
} from '@tessera/token';
import { createVerifier } from 'fast-jwt';
import { compareOperations, type OperationsRow, type Work } from './measure/operations.ts';

const issuer = 'https://id.example';
const audience = 'd9cae5e8-142f-466d-99ae-b829bd8e74ad';
const algorithms = ['ES256', 'EdDSA', 'RS256'] as const;
type Benched = (typeof algorithms)[number];

/** As many as a busy API sees at once. */
const liveTokens = 10_000;

export interface GuardChecks {
  readonly firstSight: readonly OperationsRow[];
  readonly remembered: OperationsRow;
  readonly hitRate: number;
  /** Of the process's heap, for each of the live tokens. */
  readonly bytesPerToken: number;
}

export async function guardChecks(): Promise<GuardChecks> {
  const firstSight: OperationsRow[] = [];
  for (const alg of algorithms) {
    const key = generateSigningKey(alg, { rsaBits: 2048 });
    const guard = guardOf(key, 0);
    const contenders = {
      tessera: deciding(guard),
      'node:crypto': bareVerifier(alg, verificationKeyOf(key).keyObject),
    };
    firstSight.push(await compareOperations(`${alg}, first sight`, contenders, credentialsOf(key, 200)));
  }
  const key = generateSigningKey('ES256');
  const credentials = credentialsOf(key, liveTokens);
  const bytesPerToken = bytesOf(key, credentials);
  const guard = guardOf(key, 20_000);
  const cached = createVerifier({
    key: exportPublicPem(key),
    algorithms: ['ES256'],
    allowedIss: issuer,
    allowedAud: audience,
    cache: 20_000,
  });
  const contenders = { tessera: deciding(guard), 'fast-jwt': (sent: string) => cached(tokenOf(sent)) };
  for (const work of Object.values(contenders)) for (const sent of credentials) work(sent);
  const before = guard.metrics().memory;
  const remembered = await compareOperations('10,000 live tokens', contenders, credentials);
  const { hits, misses } = guard.metrics().memory;
  const asked = hits + misses - before.hits - before.misses;
  return { firstSight, remembered, hitRate: (hits - before.hits) / asked, bytesPerToken };
}

function guardOf(key: SigningKey, maxTokens: number): Guard {
  const method = jwt({ publicKey: exportPublicPem(key), algorithm: key.alg, issuer, audience });
  return createGuard({ methods: [method], memory: { maxTokens } });
}

/** A request as Node gives it: names and values in turn, each a text of its own. */
function deciding(guard: Guard): Work {
  return (sent) => {
    const head: RequestHead = {
      method: 'GET',
      target: '/',
      headers: ['Host', '127.0.0.1', 'Authorization', sent],
      remoteAddress: null,
      isPrivate: true,
    };
    const decision = guard.decide(head);
    if (!('kind' in decision) || decision.kind !== 'pass') throw new Error('a sound token was refused');
    return decision;
  };
}

/** The signature and nothing else: no claim is read, no lifetime, issuer or audience checked. */
function bareVerifier(alg: Benched, key: KeyObject): Work {
  return (sent) => {
    const token = tokenOf(sent);
    const end = token.lastIndexOf('.');
    const input = Buffer.from(token.slice(0, end), 'latin1');
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    const isGood =
      alg === 'ES256'
        ? createVerify('sha256').update(input).verify({ key, dsaEncoding: 'ieee-p1363' }, signature)
        : verify(alg === 'RS256' ? 'sha256' : null, input, key, signature);
    if (!isGood) throw new Error('a sound token was refused');
    return isGood;
  };
}

/** Values of `Authorization`. */
function credentialsOf(key: SigningKey, count: number): string[] {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = (index: number): object => ({
    iss: issuer,
    aud: audience,
    sub: `user-${index}`,
    unique_name: `user-${index}@example.com`,
    roles: ['Operator', 'Auditor'],
    iat: nowSeconds,
    exp: nowSeconds + 3_600,
    jti: `${index}`.padStart(36, '0'),
  });
  return Array.from({ length: count }, (_, index) => `${scheme}${signToken(key, claims(index))}`);
}

const scheme = 'Bearer ';

function tokenOf(sent: string): string {
  return sent.slice(scheme.length);
}

/** What the memory holds beside the tokens' own texts, which a request brings with it and the memory keeps: both count. */
function bytesOf(key: SigningKey, credentials: readonly string[]): number {
  const guard = guardOf(key, 20_000);
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const before = heap();
  for (const sent of credentials) deciding(guard)(Buffer.from(sent, 'latin1').toString('latin1'));
  const bytes = heap() - before;
  if (guard.metrics().memory.tokens !== credentials.length) throw new Error('a token was not remembered');
  return bytes / credentials.length;
}
