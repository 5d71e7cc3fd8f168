/** Why no answer arrived, in words. @module */
import type { Connection } from './connection.ts';
import { UnreachableError } from './errors.ts';
import { certificateFault, codeOf } from './transport.ts';

export interface Attempt {
  readonly connection: Connection;
  readonly url: URL;
  readonly method: string;
  readonly isTimeout: boolean;
}

/** @param error what Node's client failed with */
export async function unreachable(error: unknown, attempt: Attempt): Promise<UnreachableError> {
  const { connection, url, method, isTimeout } = attempt;
  if (isTimeout)
    return new UnreachableError(
      method,
      url,
      'timeout',
      `no answer within ${connection.timeoutMs / 1000} seconds`,
    );
  const fault = await certificateFault(error, connection, url);
  if (fault !== null) return new UnreachableError(method, url, 'certificate', `x509: ${fault}`);
  return new UnreachableError(method, url, 'network', networkReason(error));
}

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; is the server running there?',
  ECONNRESET: 'the connection was closed before an answer came',
  EAI_AGAIN: 'the name cannot be looked up at the moment',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ENOTFOUND: 'no such host',
  EPROTO: 'the server does not speak TLS there, or no version in common',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS there; use http:// if it has none',
};

function networkReason(error: unknown): string {
  const code = codeOf(error);
  return networkReasons[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`);
}
