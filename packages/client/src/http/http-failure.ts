/** Why no answer arrived, in words that hold nothing of what was sent. @module */
import { trustFault } from '../tessera/certificate.ts';

/**
 * `disconnected`: the connection was there and was lost; the request may have had its effect.
 * `closed`: by the program, with its client.
 */
export type HttpFault = 'timeout' | 'unreachable' | 'disconnected' | 'closed' | 'too-large' | 'not-sendable';

export class HttpFailure extends Error {
  override readonly name: 'HttpFailure' = 'HttpFailure';
  readonly fault: HttpFault;

  constructor(fault: HttpFault, reason: string) {
    super(reason);
    this.fault = fault;
  }
}

const unreachable: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name cannot be looked up at the moment',
  ECONNREFUSED: 'connection refused; is the server running there?',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ENOTFOUND: 'no such host',
  EPROTO: 'the server does not speak TLS there, or no version in common',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS there; use http if it has none',
  ETIMEDOUT: 'the connection could not be made in time',
  UND_ERR_CONNECT_TIMEOUT: 'the connection could not be made in time',
};

const disconnected: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const closed: ReadonlySet<string> = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

/** Words what undici, `fetch` or Node threw; the code is all that is taken from it. */
export function failureOf(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const code = codeIn(error);
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW')
    return new HttpFailure('too-large', 'its headers are larger than 64 KiB');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new HttpFailure('unreachable', 'its certificate is for another host');
  const fault = trustFault(code);
  if (fault !== null) return new HttpFailure('unreachable', fault);
  if (disconnected.has(code))
    return new HttpFailure('disconnected', 'the connection was closed before the answer was complete');
  if (closed.has(code)) return new HttpFailure('closed', 'this client was closed');
  if (code.startsWith('HPE_')) return new HttpFailure('disconnected', 'what came is no HTTP answer');
  if (/^UND_ERR_(?:INVALID_ARG|REQ_CONTENT_LENGTH|NOT_SUPPORTED)/.test(code))
    return new HttpFailure('not-sendable', 'the request cannot be sent as HTTP');
  const words =
    unreachable[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`);
  return new HttpFailure('unreachable', words);
}

/** The first code among the error, its causes, and what it gathers: several addresses of one name were tried. */
function codeIn(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeIn(at.errors[0]);
  }
  return '';
}

/** The caller's own abort, always under the name by which it is known. */
export function abortErrorOf(signal: AbortSignal): Error {
  const { reason } = signal;
  if (reason instanceof Error && reason.name === 'AbortError') return reason;
  return new DOMException('The call was aborted', { name: 'AbortError', cause: reason });
}
