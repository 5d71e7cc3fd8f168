/** The server's own certificate and key. @module */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsIdentity } from './config.ts';
import type { SettingReader } from './setting-reader.ts';

/** Reads both files; `faulty` when they are asked for and wrong, which is reported once and not again as missing TLS. */
export function readTls(
  reader: SettingReader,
  path: (text: string) => string,
): TlsIdentity | 'none' | 'faulty' {
  if (reader.text('tlsCert') === null && reader.text('tlsKey') === null) return 'none';
  for (const [missing, other] of [
    ['tlsKey', 'TESSERA_TLS_CERT'],
    ['tlsCert', 'TESSERA_TLS_KEY'],
  ] as const)
    if (reader.text(missing) === null)
      reader.fault(missing, `is missing beside ${other}; set both or neither.`);
  const cert = reader.read('tlsCert', (text) => readPem(path(text)), certificateFault);
  const key = reader.read('tlsKey', (text) => readPem(path(text)), unreadable);
  if (!cert?.pem || !key?.pem) return 'faulty';
  const identity = { cert: cert.pem, key: key.pem };
  const fault = pairFault(identity);
  if (fault === null) return identity;
  reader.fault('tlsKey', fault);
  return 'faulty';
}

type Pem = { readonly pem: string } | { readonly pem: null; readonly reason: string };

function readPem(path: string): Pem {
  try {
    return { pem: readFileSync(path, 'utf8') };
  } catch (error) {
    return { pem: null, reason: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}

function unreadable(file: Pem, text: string): string | null {
  return file.pem === null
    ? `${text} cannot be read (${file.reason}); correct the path or its permissions.`
    : null;
}

function certificateFault(file: Pem, text: string): string | null {
  if (file.pem === null) return unreadable(file, text);
  try {
    const names = new X509Certificate(file.pem).subjectAltName;
    return names
      ? null
      : `${text} names no host (SAN), so strict clients refuse it; make it with a subjectAltName.`;
  } catch {
    return `${text} holds no PEM certificate; it must begin with -----BEGIN CERTIFICATE-----.`;
  }
}

function pairFault(identity: TlsIdentity): string | null {
  try {
    createSecureContext(identity);
    return null;
  } catch {
    return 'is no PEM key without passphrase that belongs to the certificate; take the one it was made with.';
  }
}
