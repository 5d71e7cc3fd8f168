/** Keys that are too weak to trust: short, with a known flaw, or with which anyone can forge. @module */
import type { KeyObject } from 'node:crypto';
import { type Algorithm, factsOf } from './algorithm.ts';
import { KeyError } from './errors.ts';

/** RSA keys below are refused (RFC 7518 §3.3); above, one verification costs too much. In bits. */
export const minimumRsaBits = 2048;
const maximumRsaBits = 8192;

/**
 * @throws {KeyError} `algorithm_mismatch` when the key is of another kind than `alg` needs; `weak_key`
 */
export function checkKeyFitsAlgorithm(alg: Algorithm, key: KeyObject): void {
  const facts = factsOf(alg);
  const details = key.asymmetricKeyDetails;
  const fits =
    (facts.family === 'hmac' && key.type === 'secret') ||
    (facts.family === 'rsa' && key.asymmetricKeyType === 'rsa') ||
    (facts.family === 'eddsa' && key.asymmetricKeyType === 'ed25519') ||
    (facts.family === 'ecdsa' && key.asymmetricKeyType === 'ec' && details?.namedCurve === facts.namedCurve);
  if (!fits) throw new KeyError('algorithm_mismatch', `the key is not of the kind that ${alg} needs`);
  if (facts.family === 'rsa') checkRsa(key);
  if (facts.family === 'eddsa') checkEd25519(key);
}

function checkRsa(key: KeyObject): void {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < minimumRsaBits) {
    throw new KeyError('weak_key', `an RSA key needs at least ${minimumRsaBits} bits`);
  }
  if (modulusLength > maximumRsaBits) {
    throw new KeyError('weak_key', `an RSA key may have at most ${maximumRsaBits} bits`);
  }
  // FIPS 186-5 §A.1.1; an exponent of 1 makes every padded message its own signature.
  if (publicExponent < 65537n || publicExponent % 2n === 0n) {
    throw new KeyError('weak_key', 'an RSA key needs an odd public exponent of at least 65537');
  }
  if (hasRocaFingerprint(modulusOf(key))) {
    throw new KeyError('weak_key', 'the RSA key was made by a faulty generator (ROCA, CVE-2017-15361)');
  }
}

function modulusOf(key: KeyObject): bigint {
  return BigInt(`0x${Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`);
}

/** The primes for which the powers of 65537 leave out some remainders; others tell nothing. */
const rocaPrimes: readonly bigint[] = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
].map(BigInt);

/**
 * The faulty generator made primes `k·M + (65537^a mod M)`, M being the product of the first primes, so its moduli are powers
 * of 65537 modulo each of them. A sound key passes for such with a probability of 2^-27.
 *
 * @see Nemec et al., The Return of Coppersmith's Attack, CCS 2017, §2.2
 */
function hasRocaFingerprint(modulus: bigint): boolean {
  return rocaPrimes.every((prime) => {
    const remainder = modulus % prime;
    let power = 1n;
    do {
      if (power === remainder) return true;
      power = (power * 65537n) % prime;
    } while (power !== 1n);
    return false;
  });
}

/** y-coordinates, little-endian, of the eight points of small order and of their non-canonical spellings. */
const smallOrderPoints: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** With a public key of small order one signature fits many messages, without any secret. */
function checkEd25519(key: KeyObject): void {
  const point = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  point.writeUInt8(point.readUInt8(31) & 0x7f, 31);
  if (smallOrderPoints.has(point.toString('hex'))) {
    throw new KeyError('weak_key', 'the Ed25519 key is a point of small order');
  }
}
