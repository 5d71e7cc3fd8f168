/** Opens requests over HTTP and HTTPS, and finds out why a TLS handshake failed. @module */
import type { ClientRequest, RequestOptions } from 'node:http';
import { nameFault, trustFault } from './certificate.ts';
import type { Connection } from './connection.ts';

/**
 * Starts a request with Node's own client, not undici's, which takes 20 ms more to load; `node:http` is not imported
 * either, because reading its exports loads undici for the WebSocket among them.
 */
export function openRequest(connection: Connection, url: URL, options: RequestOptions): ClientRequest {
  if (url.protocol === 'http:') return process.getBuiltinModule('node:http').request(url, options);
  return process.getBuiltinModule('node:https').request(url, { ...options, ...tlsOptions(connection) });
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly allowPartialTrustChain: boolean;
  readonly checkServerIdentity: (
    host: string,
    certificate: import('node:tls').PeerCertificate,
  ) => Error | undefined;
}

class NameError extends Error {
  readonly code = 'ERR_TLS_CERT_ALTNAME_INVALID';
}

function tlsOptions(connection: Connection): TlsOptions {
  const { checkServerIdentity } = process.getBuiltinModule('node:tls');
  return {
    rejectUnauthorized: connection.verification === 'verify',
    ...(connection.trustedPem === null ? {} : { ca: connection.trustedPem }),
    // A server's own certificate may be trusted without its issuer, as with Go and curl.
    allowPartialTrustChain: true,
    checkServerIdentity: (host, certificate) => {
      const fault = nameFault(host, certificate, checkServerIdentity);
      return fault === null ? undefined : new NameError(fault);
    },
  };
}

/**
 * Words a failed handshake. Names go before trust, as Go has it: a self-signed certificate without names is reported for
 * its names. Node stops at the first, so the certificate is fetched once more, by a connection that sends nothing.
 *
 * @returns null: the failure has nothing to do with the certificate
 */
export async function certificateFault(
  error: unknown,
  connection: Connection,
  url: URL,
): Promise<string | null> {
  const code = codeOf(error);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return (error as Error).message;
  const fault = trustFault(code);
  if (fault === null) return null;
  return (await nameFaultAt(url, connection.timeoutMs)) ?? fault;
}

/** The error's `code`, or `''`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function nameFaultAt(url: URL, timeoutMs: number): Promise<string | null> {
  const tls = process.getBuiltinModule('node:tls');
  const { isIP } = process.getBuiltinModule('node:net');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const socket = tls.connect({
    host,
    port: url.port === '' ? 443 : Number(url.port),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: false,
  });
  socket.setTimeout(timeoutMs, () => resolve(null));
  socket.on('error', () => resolve(null));
  socket.on('close', () => resolve(null));
  socket.on('secureConnect', () =>
    resolve(nameFault(host, socket.getPeerCertificate(), tls.checkServerIdentity)),
  );
  return promise.finally(() => socket.destroy());
}
