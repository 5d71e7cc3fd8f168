/** X.509 certificates that signing keys give themselves (RFC 5280). Who trusts the key trusts it for its own sake. @module */
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { type SigningKey, withCertificate } from '@tessera/token';

const minute = 60_000;
const day = 86_400_000;
/** As long as a key could be in use: the certificate must not end what nobody watches. */
const validityMs = 3650 * day;
/** For verifiers whose clocks are behind. */
const allowedSkewMs = 5 * minute;

/** RFC 5280 §4.1.2.2: positive, at most 20 bytes. */
const serialBytes = 16;

/**
 * @param commonName of subject and issuer
 * @returns the same key, with a certificate signed by itself
 */
export async function certifyByItself(
  key: SigningKey,
  commonName: string,
  nowMs: number,
): Promise<SigningKey> {
  const x509 = await loadX509();
  const signingAlgorithm = webAlgorithm(key.keyObject);
  const keys = {
    privateKey: key.keyObject.toCryptoKey(signingAlgorithm, false, ['sign']),
    publicKey: createPublicKey(key.keyObject).toCryptoKey(signingAlgorithm, true, ['verify']),
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    notBefore: new Date(nowMs - allowedSkewMs),
    notAfter: new Date(nowMs + validityMs),
    signingAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return withCertificate(key, certificate.toString('pem'));
}

/** Loaded by whoever makes a certificate, once in years: it is large. */
async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata');
  return await import('@peculiar/x509');
}

function webAlgorithm(key: KeyObject): { name: string; hash: string; namedCurve?: string } {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve !== 'prime256v1') throw new Error(`no certificate can be made for a key of kind ${curve}`);
  return { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
}

/** The first bit 0, so that it is positive, and the second 1, so that it is never short. */
function serialNumber(): string {
  const bytes = randomBytes(serialBytes);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
