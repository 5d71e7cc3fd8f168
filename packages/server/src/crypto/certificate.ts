/** X.509 certificates that signing keys give themselves (RFC 5280). Who trusts the key trusts it for its own sake. @module */
import { createPublicKey, hash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type SigningKey, withCertificate } from '@tessera/token';
import {
  bitString,
  derNull,
  derTrue,
  integer,
  objectId,
  octetString,
  sequence,
  setOf,
  tagged,
  time,
  utf8,
} from './der.ts';

const minute = 60_000;
const day = 86_400_000;
/** As long as a key could be in use: a certificate that nobody watches must not be what ends it. */
const validityMs = 3650 * day;
/** For verifiers whose clocks are behind. */
const allowedSkewMs = 5 * minute;

/** RFC 5280 §4.1.2.2: positive, at most 20 bytes. */
const serialBytes = 16;

/**
 * @param commonName of subject and issuer, at most 64 characters
 * @returns the same key, with a certificate signed by itself
 */
export function certifyByItself(key: SigningKey, commonName: string, nowMs: number): SigningKey {
  const spki = createPublicKey(key.keyObject).export({ type: 'spki', format: 'der' });
  const algorithm = signatureAlgorithm(key.keyObject);
  const name = sequence(setOf(sequence(objectId('2.5.4.3'), utf8(commonName))));
  const content = sequence(
    tagged(0, integer(Uint8Array.of(2))), // version 3
    integer(serialNumber()),
    algorithm,
    name,
    sequence(time(nowMs - allowedSkewMs), time(nowMs + validityMs)),
    name,
    spki,
    tagged(3, extensions(spki)),
  );
  const certificate = sequence(content, algorithm, bitString(sign('sha256', content, key.keyObject)));
  return withCertificate(key, pemOf(certificate));
}

/** RSA with PKCS #1 v1.5 (RFC 4055 §5) or ECDSA (RFC 5758 §3.2), both with SHA-256. */
function signatureAlgorithm({ asymmetricKeyType: type }: KeyObject): Uint8Array {
  if (type === 'rsa') return sequence(objectId('1.2.840.113549.1.1.11'), derNull);
  if (type === 'ec') return sequence(objectId('1.2.840.10045.4.3.2'));
  throw new Error(`no certificate can be made for a key of type ${type}`);
}

/** Signs tokens, not certificates (RFC 5280 §4.2.1). */
function extensions(spki: Uint8Array): Uint8Array {
  const critical = (id: string, value: Uint8Array) => sequence(objectId(id), derTrue, octetString(value));
  const keyId = hash('sha256', spki, 'buffer').subarray(0, 20);
  return sequence(
    critical('2.5.29.19', sequence()),
    critical('2.5.29.15', bitString(Uint8Array.of(0x80), 7)), // digitalSignature
    sequence(objectId('2.5.29.14'), octetString(octetString(keyId))),
  );
}

/** The first bit 0, so that it is positive, and the second 1, so that it is never short. */
function serialNumber(): Uint8Array {
  const bytes = randomBytes(serialBytes);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function pemOf(der: Uint8Array): string {
  // No empty line at the end, whatever the length: OpenSSL would not read it.
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
