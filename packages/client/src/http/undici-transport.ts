/** Sends requests by undici, which is loaded with the first one. @module */
import type { Secret } from '@tessera/token';
import type { Dispatcher } from 'undici';
import type { HttpProxy, Tls } from '../plan/transport.ts';
import { decompressed, decompressedStream } from './content-coding.ts';
import type { HttpLimits, HttpRequest, HttpTransport } from './http-exchange.ts';
import { HttpFailure } from './http-failure.ts';
import { StreamedAnswer } from './streamed-answer.ts';
import { WholeAnswer } from './whole-answer.ts';

const maxHeaderBytes = 64 * 1024;

export interface ConnectionSettings {
  readonly tls: Tls;
  readonly proxy: HttpProxy | null;
  /** Read with the first request; null: the proxy asks for none. */
  readonly proxyPassword: () => Promise<Secret | null>;
}

/** A transport with connections of its own. */
export function undiciTransport(settings: ConnectionSettings): HttpTransport {
  let opening: Promise<Dispatcher> | null = null;
  let dispatcher: Dispatcher | null = null;
  let closing: Promise<void> | null = null;
  const open = async (): Promise<Dispatcher> => {
    if (closing !== null) throw new HttpFailure('unreachable', 'the client is closed');
    opening ??= openDispatcher(settings).catch((error: unknown) => {
      // What was missing, as a vault that was locked, may be there the next time.
      opening = null;
      throw error;
    });
    dispatcher = await opening;
    return dispatcher;
  };
  return {
    async send(request, limits) {
      // Once it is open there is nothing to wait for.
      const through = dispatcher ?? (await open());
      const handler = new WholeAnswer(limits);
      dispatch(through, request, limits, handler);
      const answer = await handler.answer;
      return 'content-encoding' in answer.headers ? decompressed(answer, limits.maxResponseBytes) : answer;
    },
    async open(request, limits) {
      const through = dispatcher ?? (await open());
      const handler = new StreamedAnswer(request.method, limits);
      dispatch(through, request, limits, handler);
      const answer = await handler.answer;
      if (answer.body === null) return answer;
      return { ...answer, body: await decompressedStream(answer.headers['content-encoding'], answer.body) };
    },
    close() {
      closing ??= Promise.resolve(opening).then((opened) => opened?.close());
      return closing;
    },
  };
}

function dispatch(
  dispatcher: Dispatcher,
  request: HttpRequest,
  { signal }: HttpLimits,
  handler: WholeAnswer | StreamedAnswer,
): void {
  if (signal?.aborted) return;
  const [origin, path] = splitUrl(request.url);
  try {
    dispatcher.dispatch(
      {
        origin,
        path,
        method: request.method,
        headers: flat(request.headers),
        body: request.body as Dispatcher.DispatchOptions['body'],
      } as Dispatcher.DispatchOptions,
      handler as Dispatcher.DispatchHandler,
    );
  } catch (error) {
    handler.onResponseError(null, error as Error);
  }
}

/** Without parsing: `https://host:1/a?b#c` → `https://host:1` and `/a?b`. */
function splitUrl(url: string): [origin: string, path: string] {
  const authority = url.indexOf('://') + 3;
  const fragment = url.indexOf('#', authority);
  const end = fragment === -1 ? url.length : fragment;
  const slash = url.indexOf('/', authority);
  if (slash === -1 || slash > end) return [url.slice(0, end), '/'];
  return [url.slice(0, slash), url.slice(slash, end)];
}

function flat(headers: HttpRequest['headers']): string[] {
  const texts: string[] = [];
  for (const [name, value] of headers) texts.push(name, value);
  return texts;
}

async function openDispatcher({ tls, proxy, proxyPassword }: ConnectionSettings): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici');
  const connect = connectOptions(tls);
  // The client's own time-outs cover the whole attempt.
  const limits = { maxHeaderSize: maxHeaderBytes, headersTimeout: 0, bodyTimeout: 0 };
  if (proxy === null) return new Agent({ ...limits, connect });
  const token = proxyAuthorization(proxy, await proxyPassword());
  return new ProxyAgent({
    ...limits,
    uri: `${proxy.protocol}://${proxy.host}:${proxy.port}`,
    requestTls: connect,
    proxyTunnel: true,
    ...(token === null ? {} : { token }),
  });
}

function proxyAuthorization({ username }: HttpProxy, password: Secret | null): string | null {
  if (username === null) return null;
  return `Basic ${Buffer.from(`${username}:${password?.reveal() ?? ''}`).toString('base64')}`;
}

function connectOptions(tls: Tls): object {
  const { caPem, certificatePem, keyPem, passphrase, ciphers } = tls;
  return {
    minVersion: tls.minVersion,
    rejectUnauthorized: tls.verification === 'verify',
    // A server's own certificate may be trusted without its issuer, as with curl.
    allowPartialTrustChain: true,
    ca: caPem ?? trustedByDefault(),
    ...(certificatePem === null ? {} : { cert: certificatePem }),
    ...(keyPem === null ? {} : { key: keyPem.reveal() }),
    ...(passphrase === null ? {} : { passphrase: passphrase.reveal() }),
    ...(ciphers === null ? {} : { ciphers }),
  };
}

/** Node trusts the certificates it was built with; what an administrator adds is in the system's store. */
function trustedByDefault(): string[] {
  const { getCACertificates } = process.getBuiltinModule('node:tls');
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
