/** Sends requests by a `fetch` that was handed in. @module */
import { timedOut, tooLarge } from './attempt.ts';
import type { HttpHeaders, HttpLimits, HttpRequest, HttpStream, HttpTransport } from './http-exchange.ts';
import { abortErrorOf, failureOf } from './http-failure.ts';

export type Fetch = typeof globalThis.fetch;

export function fetchTransport(fetch: Fetch): HttpTransport {
  return {
    async send(request, limits) {
      const deadline = deadlineOf(limits);
      try {
        const { body, ...head } = await opened(fetch, request, deadline.signal);
        return { ...head, body: body === null ? new Uint8Array() : await whole(body, limits) };
      } catch (error) {
        throw worded(error, limits, deadline.signal);
      } finally {
        deadline.clear();
      }
    },
    async open(request, limits) {
      const deadline = deadlineOf(limits);
      try {
        const { body, ...head } = await opened(fetch, request, deadline.signal);
        if (body === null) deadline.clear();
        return { ...head, body: body && watched(body, limits, deadline) };
      } catch (error) {
        deadline.clear();
        throw worded(error, limits, deadline.signal);
      }
    },
    async close() {},
  };
}

interface Deadline {
  readonly signal: AbortSignal;
  clear(): void;
}

const outOfTime = Symbol('out of time');

function deadlineOf({ timeoutMs, signal }: HttpLimits): Deadline {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(outOfTime), timeoutMs);
  return {
    signal: signal === null ? clock.signal : AbortSignal.any([clock.signal, signal]),
    clear: () => clearTimeout(timer),
  };
}

async function opened(fetch: Fetch, request: HttpRequest, signal: AbortSignal): Promise<HttpStream> {
  const response = await fetch(request.url, {
    method: request.method,
    // The length of a body is for `fetch` to say.
    headers: request.headers.filter(([name]) => !/^content-length$/i.test(name)) as [string, string][],
    body: request.body as RequestInit['body'],
    redirect: 'manual',
    signal,
    ...(isStream(request.body) ? { duplex: 'half' } : {}),
  } as RequestInit);
  const { status, statusText, body } = response;
  return { status, statusText, headers: headersOf(response.headers), body };
}

const isStream = (body: HttpRequest['body']): boolean =>
  body !== null && typeof body !== 'string' && !(body instanceof Uint8Array);

function headersOf(headers: Headers): HttpHeaders {
  const cookies = headers.getSetCookie();
  return { ...Object.fromEntries(headers), ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }) };
}

async function whole(
  body: ReadableStream<Uint8Array>,
  { maxResponseBytes }: HttpLimits,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (maxResponseBytes !== null && bytes > maxResponseBytes) throw tooLarge(maxResponseBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function watched(
  body: ReadableStream<Uint8Array>,
  limits: HttpLimits,
  deadline: Deadline,
): ReadableStream<Uint8Array> {
  const { maxResponseBytes } = limits;
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(sink) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          deadline.clear();
          sink.close();
          return;
        }
        bytes += value.length;
        if (maxResponseBytes !== null && bytes > maxResponseBytes) throw tooLarge(maxResponseBytes);
        sink.enqueue(value);
      } catch (error) {
        deadline.clear();
        sink.error(worded(error, limits, deadline.signal));
        reader.cancel().catch(() => {});
      }
    },
    async cancel(reason) {
      deadline.clear();
      await reader.cancel(reason);
    },
  });
}

function worded(error: unknown, { timeoutMs, signal }: HttpLimits, deadline: AbortSignal): Error {
  if (deadline.reason === outOfTime) return timedOut(timeoutMs);
  if (signal?.aborted) return abortErrorOf(signal);
  return failureOf(error);
}
