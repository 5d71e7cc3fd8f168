/** `client.fetch`: as the platform's `fetch`, with a token. @module */

import { headerPairs } from '../http/header-pairs.ts';
import type { HttpStream } from '../http/http-exchange.ts';
import type { Header } from '../plan/wire.ts';
import { authorizedCall } from './authorized-call.ts';
import type { CallBody } from './call.ts';
import type { Engine } from './engine.ts';
import { type CallBase, prepareRequest } from './prepare-request.ts';
import type { PreparedCall } from './prepared-call.ts';
import type { Reception } from './send-call.ts';

/** As of the platform; `body` may also be a function that returns a new body for each attempt. */
export type FetchInit = Omit<RequestInit, 'body'> & {
  readonly body?: RequestInit['body'] | (() => NonNullable<RequestInit['body']> | null);
};

/** @returns the response, whatever its status @throws {TokenClientError} no token, no answer @throws AbortError */
export async function fetchCall(
  engine: Pick<Engine, 'transport' | 'source' | 'emit' | 'stub'>,
  base: CallBase,
  input: string | URL | Request,
  init: FetchInit = {},
): Promise<Response> {
  const request = input instanceof Request ? input : null;
  const headers = new Headers(init.headers ?? request?.headers);
  const call = await prepareRequest(base, {
    target: base.target,
    method: init.method ?? request?.method ?? 'GET',
    path: request?.url ?? String(input),
    query: undefined,
    headers: [...headers] as Header[],
    usual: [],
    body: (init.body ?? (await bytesOf(request))) as CallBody,
    timeoutMs: base.target.plan.transport.timeoutMs,
    signal: init.signal ?? request?.signal ?? null,
    // The platform's `fetch` could not send it.
    bodyOnGet: 'refused',
  });
  const { answer } = await authorizedCall(engine.source, call, streamed(engine, call), engine.emit);
  return responseOf(answer);
}

/** A request's own body is a stream that can be read once; as bytes it can be sent again. */
async function bytesOf(request: Request | null): Promise<Uint8Array | null> {
  return request === null || request.body === null ? null : new Uint8Array(await request.arrayBuffer());
}

function streamed(
  { transport, stub }: Pick<Engine, 'transport' | 'stub'>,
  call: PreparedCall,
): Reception<HttpStream> {
  return {
    async exchange(request, limits) {
      if (stub === null) return transport.open(request, limits);
      const { body, ...head } = stub(call);
      return { ...head, body: new Response(body).body };
    },
    async finish(answer) {
      if (answer.body === null) return answer;
      const bytes = await new Response(answer.body).arrayBuffer();
      return { ...answer, body: new Response(bytes).body };
    },
  };
}

function responseOf({ status, statusText, headers, body }: HttpStream): Response {
  const response = new Response(body, { status, statusText });
  for (const [name, value] of headerPairs(headers)) response.headers.append(name, value);
  return response;
}
