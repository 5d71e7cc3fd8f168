/** A private key and its certificates as operators have them: PEM files. Every refusal says what is wrong and what cures it. @module */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { importSigningKey, KeyError, type SigningKey, withCertificate } from '@tessera/token';
import { ProblemError } from '../domain/problem.ts';
import type { SigningAlgorithm } from '../domain/signing-key.ts';

/** Texts of files. */
export interface KeyFiles {
  readonly keyPem: string;
  /** The key's own certificate first, each followed by the one that issued it; null: none. */
  readonly chainPem: string | null;
  /** Of an encrypted key. */
  readonly passphrase: string | null;
}

/**
 * @param algorithms the key may be for
 * @throws {ProblemError} `invalid_value` for `key` or `certificate`
 */
export function readKeyFiles(
  { keyPem, chainPem, passphrase }: KeyFiles,
  algorithms: readonly SigningAlgorithm[],
  nowMs: number,
): SigningKey {
  const keyObject = readPrivateKey(keyPem, passphrase);
  const alg = algorithmOf(keyObject);
  if (alg === null || !algorithms.includes(alg))
    throw wrongKey(`is ${describe(keyObject)}; keys for ${algorithms.join(' and ')} can be used here.`);
  const key = refusing('key', () => importSigningKey(keyObject, { alg }));
  if (chainPem === null) return key;
  const certified = refusing('certificate', () => withCertificate(key, chainPem));
  for (const der of certified.certificate?.x5c ?? []) checkValidity(der, nowMs);
  return certified;
}

function readPrivateKey(pem: string, passphrase: string | null): KeyObject {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    throw wrongKey('holds no private key in PEM ("-----BEGIN PRIVATE KEY-----").');
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (isEncrypted && passphrase === null)
    throw wrongKey(
      'is encrypted: give the file that holds its passphrase, or decrypt it first with: openssl pkey -in key.pem -out clear.pem',
    );
  try {
    return createPrivateKey(isEncrypted ? { key: pem, passphrase: passphrase ?? '' } : pem);
  } catch {
    throw wrongKey(
      isEncrypted ? 'does not open with this passphrase.' : 'is damaged, or of an unknown kind.',
    );
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm | null {
  if (asymmetricKeyType === 'rsa') return 'RS256';
  if (asymmetricKeyType !== 'ec') return null;
  const byCurve = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' } as const;
  return byCurve[asymmetricKeyDetails?.namedCurve as keyof typeof byCurve] ?? null;
}

function describe({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const curve = asymmetricKeyDetails?.namedCurve;
  return curve === undefined ? `a key of type ${asymmetricKeyType}` : `an EC key on the curve ${curve}`;
}

function checkValidity(der: string, nowMs: number): void {
  const certificate = new X509Certificate(Buffer.from(der, 'base64'));
  const subject = certificate.subject.replaceAll('\n', ', ');
  if (nowMs >= certificate.validToDate.getTime())
    throw wrongCertificate(`of "${subject}" expired on ${isoDay(certificate.validToDate)}.`);
  if (nowMs < certificate.validFromDate.getTime())
    throw wrongCertificate(`of "${subject}" is not valid before ${isoDay(certificate.validFromDate)}.`);
}

const isoDay = (date: Date): string => date.toISOString().slice(0, 10);

/** The words of `@tessera/token`, as a refusal. */
function refusing<Result>(field: 'key' | 'certificate', work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new ProblemError({
      kind: 'invalid_value',
      reason: error.reason,
      field,
      message: `cannot be used: ${error.message}.`,
    });
  }
}

function wrongKey(message: string): ProblemError {
  return new ProblemError({ kind: 'invalid_value', reason: 'unusable_key', field: 'key', message });
}

function wrongCertificate(message: string): ProblemError {
  return new ProblemError({
    kind: 'invalid_value',
    reason: 'unusable_certificate',
    field: 'certificate',
    message,
  });
}
