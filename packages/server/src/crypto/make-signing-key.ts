/** Makes signing keys, and what is kept of them. @module */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import {
  exportPrivateJwk,
  exportPublicJwk,
  generateSigningKey,
  importSigningKey,
  type SigningKey,
} from '@tessera/token';
import type { KeyUse, SigningAlgorithm, SigningKeyRecord } from '../domain/signing-key.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import { certifyByItself } from './certificate.ts';
import type { Sealer } from './sealing.ts';

/** NIST SP 800-57 part 1 §5.6.2: good beyond 2030. */
const rsaBits = 3072;

const generatePair = promisify(generateKeyPair);

/** Makes a new key for a use, with a certificate of its own where the use wants one. */
export async function makeSigningKey(
  use: Pick<KeyUse, 'use' | 'certificate'>,
  alg: SigningAlgorithm,
  nowMs: number,
): Promise<SigningKey> {
  const key = await generate(alg);
  return use.certificate === 'none' ? key : certifyByItself(key, `Tessera ${use.use} signing key`, nowMs);
}

/** An RSA key takes a tenth to a whole second to find: not on the thread that answers requests. */
async function generate(alg: SigningAlgorithm): Promise<SigningKey> {
  if (alg !== 'RS256') return generateSigningKey(alg);
  const { privateKey } = await generatePair('rsa', { modulusLength: rsaBits });
  return importSigningKey(privateKey, { alg });
}

/** A key as it is kept: the public part clear, the private part sealed. */
export function recordOf(
  key: SigningKey,
  use: string,
  sealer: Sealer,
  times: Pick<SigningKeyRecord, 'createdAtMs' | 'signsFromMs'>,
): SigningKeyRecord {
  if (key.kid === null) throw new Error('a key that is kept has a kid');
  return {
    kid: key.kid,
    use,
    // Whoever made or imported it allowed no other.
    alg: key.alg as SigningAlgorithm,
    publicJwk: key.keyObject.type === 'secret' ? null : (exportPublicJwk(key) as JsonObject),
    sealedPrivateJwk: sealer.seal(JSON.stringify(exportPrivateJwk(key)), privateKeyLabel(key.kid)),
    ...times,
    retiredAtMs: null,
    removedAtMs: null,
    keptUntilMs: null,
  };
}

/** What a private key is sealed for. */
export function privateKeyLabel(kid: string): string {
  return `signing key ${kid}`;
}
