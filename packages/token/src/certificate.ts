/** X.509 certificates that vouch for a signing key: `x5c` and `x5t#S256` (RFC 7515 §4.1.6, §4.1.8; RFC 7517 §4.7). @module */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { KeyError } from './errors.ts';

export interface CertificateChain {
  /** DER in base64 (not base64url), the key's own certificate first: the value of `x5c`. */
  readonly x5c: readonly string[];
  /** SHA-256 of the key's own certificate in base64url: the value of `x5t#S256`. */
  readonly thumbprintSha256: string;
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * @param chainPem PEM certificates, the key's own first, each followed by the one that issued it
 * @throws {KeyError} `wrong_certificate`
 */
export function chainFromPem(chainPem: string, key: KeyObject): CertificateChain {
  return checkedChain(chainPem.match(pemCertificate) ?? [], key);
}

/**
 * @param x5c DER in base64, as in a JWK
 * @throws {KeyError} `wrong_certificate`
 */
export function chainFromX5c(x5c: readonly string[], key: KeyObject): CertificateChain {
  return checkedChain(
    x5c.map((der) => Buffer.from(der, 'base64')),
    key,
  );
}

function checkedChain(sources: readonly (string | Buffer)[], key: KeyObject): CertificateChain {
  const certificates = sources.map(readCertificate);
  const [own] = certificates;
  if (own === undefined) throw new KeyError('wrong_certificate', 'there is no certificate');
  if (!own.publicKey.equals(key)) {
    throw new KeyError('wrong_certificate', 'the first certificate is for another key');
  }
  for (const [index, issuer] of certificates.slice(1).entries()) {
    if (certificates[index]?.checkIssued(issuer) !== true) {
      throw new KeyError('wrong_certificate', `certificate ${index + 2} did not issue the one before it`);
    }
  }
  return Object.freeze({
    x5c: Object.freeze(certificates.map((certificate) => certificate.raw.toString('base64'))),
    thumbprintSha256: createHash('sha256').update(own.raw).digest('base64url'),
  });
}

function readCertificate(source: string | Buffer): X509Certificate {
  try {
    return new X509Certificate(source);
  } catch {
    throw new KeyError('wrong_certificate', 'a certificate is not readable');
  }
}
