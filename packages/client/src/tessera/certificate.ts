/** Why a server's certificate is not trusted, in the words of Go's crypto/x509. @module */
import type { PeerCertificate } from 'node:tls';

const unknownAuthority: ReadonlySet<string> = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const outsideValidity: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const badCertificate =
  /^(?:CERT_|CRL_|ERR_TLS_CERT|INVALID_|PATH_LENGTH|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE))/;

/**
 * Checks the name as RFC 9525 §2 wants it: only subject alternative names count, never the common name.
 *
 * @returns null: the certificate is for `host`
 */
export function nameFault(host: string, certificate: PeerCertificate, check: NameCheck): string | null {
  const names = namesIn(certificate.subjectaltname ?? '');
  if (names.length === 0) return `certificate is not valid for any names, but wanted to match ${host}`;
  if (check(host, certificate) === undefined) return null;
  return `certificate is valid for ${names.join(', ')}, not ${host}`;
}

/** Node's `tls.checkServerIdentity`. */
export type NameCheck = (host: string, certificate: PeerCertificate) => Error | undefined;

/** @returns null: the failure has nothing to do with the certificate */
export function trustFault(code: string): string | null {
  if (unknownAuthority.has(code)) return 'certificate signed by unknown authority';
  if (outsideValidity.has(code)) return 'certificate has expired or is not yet valid';
  return badCertificate.test(code) ? code.toLowerCase().replaceAll('_', ' ') : null;
}

/** `DNS:a.example, IP Address:192.0.2.1` → the names; values that Node had to quote are unquoted. */
function namesIn(subjectAltName: string): string[] {
  const entries = subjectAltName.matchAll(/(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]+)/g);
  return [...entries].map(([, name = '']) => (name.startsWith('"') ? String(JSON.parse(name)) : name));
}
