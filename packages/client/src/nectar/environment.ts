/** A host that one is connected to. @module */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Connection } from '../tessera/connection.ts';
import type { Credential } from './credential.ts';
import { type HostCall, sendCall } from './send-call.ts';

export interface Environment {
  readonly fqdn: string;
  /** Null: none, or signed in by password. */
  readonly identifier: string | null;
  /** The vault that the pair is in; null: signed in by a password that is in none. */
  readonly vault: string | null;
  /** The name of the secret, likewise. */
  readonly secret: string | null;
  /** Null: the host was not asked for it. */
  readonly userName: string | null;
  /**
   * As the global `fetch`, for a path on this host. A 401 is renewed for and repeated once.
   *
   * @throws {NotAuthenticatedError} the pair is refused @throws {VaultError} the new one could not be kept
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The same with the answer as Node has it. */
  send(call: HostCall): Promise<IncomingMessage>;
  /** Renews now, and stores the new pair. @throws {InputError} signed in by a password */
  renew(): Promise<void>;
}

/** Sends the call, and once more if its credential was refused and there is a next one. */
export async function sendRenewing(
  connection: Connection,
  credential: Credential,
  call: HostCall,
): Promise<IncomingMessage> {
  const first = await credential.current();
  const response = await sendCall(connection, call, first);
  if (response.statusCode !== 401) return response;
  const next = await credential.next(first);
  if (next === null) return response;
  response.resume();
  return sendCall(connection, call, next);
}

const emptyStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

export async function fetchBy(
  send: (call: HostCall) => Promise<IncomingMessage>,
  base: URL,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const call = { path, ...(await readInit(base, init)) };
  const { method } = call;
  const answer = await send(call);
  const status = answer.statusCode ?? 0;
  const isEmpty = method === 'HEAD' || emptyStatuses.has(status);
  if (isEmpty) answer.resume();
  return new Response(isEmpty ? null : (Readable.toWeb(answer) as ReadableStream), {
    status,
    statusText: answer.statusMessage ?? '',
    headers: headersOf(answer),
  });
}

/** What `fetch` makes of its options: the one place where forms, streams and texts become bytes. */
async function readInit(base: URL, init: RequestInit): Promise<Omit<HostCall, 'path'>> {
  const request = new Request(base, {
    ...init,
    ...(init.body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
  const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
  const { method, signal } = request;
  return { method, headers: Object.fromEntries(request.headers), body, signal };
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  return headers;
}
