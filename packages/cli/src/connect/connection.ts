/** From settings to a connection. @module */
import { readFileSync } from 'node:fs';
import type { Connection, WireEvent } from '@tessera/client';
import type { Settings } from '../config/settings.ts';
import type { Context } from '../program/context.ts';
import { LocalError } from '../program/errors.ts';

type ConnectionSettings = Pick<Settings, 'noSslVerify' | 'caFile' | 'timeoutSeconds' | 'isVerbose'>;

/** @throws {LocalError} the file of certificates cannot be read, or holds none */
export function connectionTo(url: URL, settings: ConnectionSettings, context: Context): Connection {
  return {
    url,
    verification: settings.noSslVerify ? 'skip' : 'verify',
    trustedPem: settings.caFile === null ? null : readCertificates(settings.caFile),
    timeoutMs: settings.timeoutSeconds * 1000,
    trace: settings.isVerbose ? (event) => context.stderr.write(`${traceLine(event)}\n`) : null,
  };
}

function readCertificates(path: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new LocalError(
      `the file of certificates ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new LocalError(`the file of certificates ${path} holds no certificate in PEM format`);
}

function traceLine(event: WireEvent): string {
  const body = event.body === null ? '' : ` ${JSON.stringify(event.body)}`;
  return event.kind === 'request' ? `> ${event.method} ${event.url}${body}` : `< ${event.status}${body}`;
}
