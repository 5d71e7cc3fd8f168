/** Signing and verifying tokens beside `jose`, `jsonwebtoken` and `fast-jwt`, in one run: interleaved rounds, medians, ratios. @module */
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import {
  type Algorithm,
  createTokenVerifier,
  generateSigningKey,
  keySet,
  type SigningKey,
  signToken,
  verificationKeyOf,
  verifyToken,
} from '@tessera/token';
import { createSigner, createVerifier } from 'fast-jwt';
import { jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { type Contenders, compareOperations, type OperationsRow } from './measure/operations.ts';

const benched = ['ES256', 'HS256', 'RS256', 'EdDSA'] as const satisfies readonly Algorithm[];
type Benched = (typeof benched)[number];

const issuer = 'https://id.example';
const audience = 'd9cae5e8-142f-466d-99ae-b829bd8e74ad';

/** The claims of an access token of the server's `ciphertrust` dialect. */
function accessClaims(): Record<string, unknown> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const id = randomUUID();
  return {
    aud: audience,
    sub: `local|${randomUUID()}`,
    iss: issuer,
    acc: 'kylo',
    preferred_username: 'admin',
    cust: { groups: ['admin'] },
    jwtid: id,
    iat: nowSeconds,
    exp: nowSeconds + 3_600,
    sid: randomUUID(),
    jti: id,
  };
}

function signers(alg: Benched, key: SigningKey): Contenders {
  const claims = accessClaims();
  const kid = key.kid ?? '';
  const fast = createSigner({ algorithm: alg, key: pemOrSecret(key), kid, noTimestamp: true });
  const options = { algorithm: alg, keyid: kid, noTimestamp: true };
  return {
    tessera: () => signToken(key, claims),
    jose: () => new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT', kid }).sign(key.keyObject),
    ...(alg === 'EdDSA' ? {} : { jsonwebtoken: () => jsonwebtoken.sign(claims, key.keyObject, options) }),
    'fast-jwt': () => fast(claims),
  };
}

function verifiers(alg: Benched, key: SigningKey): Contenders {
  const { keyObject } = verificationKeyOf(key);
  const keys = keySet([verificationKeyOf(key)]);
  const algorithms = [alg];
  const fast = createVerifier({
    key: publicPemOrSecret(key),
    algorithms,
    allowedIss: issuer,
    allowedAud: audience,
  });
  return {
    tessera: (token) => verifyToken(token, keys, { issuer, audience, nowSeconds: Date.now() / 1000 }),
    jose: (token) => jwtVerify(token, keyObject, { algorithms, issuer, audience }),
    ...(alg === 'EdDSA'
      ? {}
      : {
          jsonwebtoken: (token: string) =>
            jsonwebtoken.verify(token, keyObject, { algorithms, issuer, audience }),
        }),
    'fast-jwt': (token) => fast(token),
  };
}

function cachedVerifiers(alg: Benched, key: SigningKey): Contenders {
  const verifier = createTokenVerifier({ keys: keySet([verificationKeyOf(key)]), issuer, audience });
  const options = {
    key: publicPemOrSecret(key),
    algorithms: [alg],
    allowedIss: issuer,
    allowedAud: audience,
  };
  const fast = createVerifier({ ...options, cache: 10_000 });
  return {
    tessera: (token) => verifier.verify(token, Date.now() / 1000),
    'fast-jwt': (token) => fast(token),
  };
}

function pemOrSecret(key: SigningKey): string | Buffer {
  return key.keyObject.type === 'secret'
    ? key.keyObject.export()
    : key.keyObject.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function publicPemOrSecret(key: SigningKey): string | Buffer {
  const { keyObject } = verificationKeyOf(key);
  return keyObject.type === 'secret'
    ? keyObject.export()
    : keyObject.export({ format: 'pem', type: 'spki' }).toString();
}

/** Takes about half a minute. */
export async function tokenBench(): Promise<readonly OperationsRow[]> {
  const rows: OperationsRow[] = [];
  for (const alg of benched) {
    const key = generateSigningKey(alg, { rsaBits: 2048 });
    const tokens = Array.from({ length: 200 }, () => signToken(key, accessClaims()));
    rows.push(await compareOperations(`sign ${alg}`, signers(alg, key), tokens));
    rows.push(await compareOperations(`verify ${alg}`, verifiers(alg, key), tokens));
    if (alg === 'ES256')
      rows.push(await compareOperations(`verify ${alg}, cached`, cachedVerifiers(alg, key), tokens));
  }
  return rows;
}

/** One line a row, rates in operations a second. */
function tokenBenchTable(rows: readonly OperationsRow[]): string {
  const names = ['tessera', 'jose', 'jsonwebtoken', 'fast-jwt'];
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(22) : cell.padStart(13))).join('');
  return [
    line(['operations per second', ...names, 'to fastest']),
    ...rows.map(({ work, perSecond, ratio }) =>
      line([
        work,
        ...names.map((name) => perSecond[name]?.toLocaleString('en') ?? '–'),
        `${ratio.toFixed(2)} x`,
      ]),
    ),
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(tokenBenchTable(await tokenBench()));
}
