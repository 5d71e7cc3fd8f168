/** Where a typed configuration leads, and how the connection is made. @module */
import { Secret } from '@tessera/token';
import type { Target } from '../plan/token-plan.ts';
import type { HttpProxy, Tls } from '../plan/transport.ts';
import type { ConfigProblems } from './config-problems.ts';
import { secretSource } from './config-secrets.ts';
import { usualPort } from './recipes.ts';
import type { SecretText, TokenClientConfig } from './token-client-config.ts';

export function targetOf({ protocol, hostname, port, pathname }: URL): Target {
  const scheme = protocol === 'https:' ? 'https' : 'http';
  return {
    protocol: scheme,
    host: hostname,
    port: port === '' ? usualPort[scheme] : Number(port),
    basePath: pathname === '/' ? '' : pathname,
    version: '',
  };
}

export function tlsOf({
  caPem,
  certificatePem,
  keyPem,
  passphrase,
  verification,
}: NonNullable<TokenClientConfig['tls']>): Tls {
  const wrapped = (text: SecretText | undefined): Secret | null =>
    text === undefined || text instanceof Secret ? (text ?? null) : new Secret(text);
  return {
    verification: verification ?? 'verify',
    caPem: caPem ?? null,
    certificatePem: certificatePem ?? null,
    keyPem: wrapped(keyPem),
    passphrase: wrapped(passphrase),
    ciphers: null,
    minVersion: 'TLSv1.2',
  };
}

export function proxyOf(
  { url, username, password }: NonNullable<TokenClientConfig['proxy']>,
  problems: ConfigProblems,
): HttpProxy {
  const { protocol, host, port } = targetOf(problems.url('/proxy/url', url));
  return {
    protocol,
    host,
    port,
    username: username ?? null,
    password: password === undefined ? null : secretSource(password),
  };
}
