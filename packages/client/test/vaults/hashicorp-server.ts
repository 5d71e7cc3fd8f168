/**
 * HashiCorp Vault's key-value engine version 2, as far as a client can tell: versions, check-and-set, deletion, listing,
 * tokens, namespaces, in the statuses and words of the original.
 *
 * @see https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { listen } from '../https-server.ts';

export interface HashicorpServer {
  readonly url: URL;
  /** `sealed`: as after a restart; `read-only`: the token's policy lets it read. */
  state: 'ready' | 'sealed' | 'read-only';
  /** The paths of entries, with what they hold and how often they were written. */
  readonly entries: Map<string, Entry>;
  /** Method and path of every request, in order. */
  readonly requests: string[];
}

interface Entry {
  version: number;
  /** Null: deleted. */
  data: Readonly<Record<string, string>> | null;
}

export interface Expected {
  readonly token: string;
  readonly namespace: string | null;
}

export async function startHashicorp(
  t: Pick<TestContext, 'after'>,
  certificatePem: string | null,
  expected: Expected,
): Promise<HashicorpServer> {
  const server: Mutable<HashicorpServer> = {
    url: new URL('http://unknown'),
    state: 'ready',
    entries: new Map(),
    requests: [],
  };
  server.url = await listen(t as TestContext, certificatePem, async (request, response) => {
    server.requests.push(`${request.method} ${request.url}`);
    const text = (await Array.fromAsync(request)).join('');
    const [status, body] = answer(server, expected, request, text === '' ? {} : JSON.parse(text));
    send(response, status, body);
  });
  return server;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Answer = readonly [status: number, body: object | null];

const none: Answer = [404, { errors: [] }];

function answer(server: HashicorpServer, expected: Expected, request: IncomingMessage, body: Body): Answer {
  if (server.state === 'sealed') return [503, { errors: ['Vault is sealed'] }];
  const { headers } = request;
  // `LIST` itself is no method that Node's server takes; this is its other form.
  const method = /[?&]list=true\b/.test(request.url ?? '') ? 'LIST' : (request.method ?? '');
  const isKnown = headers['x-vault-token'] === expected.token;
  if (!isKnown || (headers['x-vault-namespace'] ?? null) !== expected.namespace)
    return [403, { errors: ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'] }];
  const path = decodeURIComponent(request.url?.split('?')[0] ?? '').replace(/^\/v1\//, '');
  if (path === 'sys/capabilities-self') return capabilities(server, body.paths ?? []);
  const [, part, name] = /^secret\/(data|metadata)\/(.+)$/.exec(path) ?? [];
  if (part === undefined || name === undefined) return none;
  if (server.state === 'read-only' && method !== 'GET' && method !== 'LIST')
    return [403, { errors: ['1 error occurred:\n\t* permission denied\n\n'] }];
  if (part === 'data')
    return method === 'GET' ? readData(server, name) : writeData(server, name, method, body);
  if (method === 'LIST') return list(server, name);
  if (method !== 'DELETE') return [405, { errors: [] }];
  server.entries.delete(name);
  return [204, null];
}

interface Body {
  readonly options?: { readonly cas?: number };
  readonly data?: Readonly<Record<string, string>>;
  readonly paths?: readonly string[];
}

function readData({ entries }: HashicorpServer, name: string): Answer {
  const entry = entries.get(name);
  if (entry === undefined) return none;
  const metadata = { version: entry.version, destroyed: false, deletion_time: '' };
  return [entry.data === null ? 404 : 200, { request_id: 'r', data: { data: entry.data, metadata } }];
}

function writeData({ entries }: HashicorpServer, name: string, method: string, body: Body): Answer {
  if (method !== 'POST' && method !== 'PUT') return [405, { errors: [] }];
  const version = entries.get(name)?.version ?? 0;
  if (body.options?.cas === undefined)
    return [400, { errors: ['check-and-set parameter required for this call'] }];
  if (body.options.cas !== version)
    return [400, { errors: ['check-and-set parameter did not match the current version'] }];
  entries.set(name, { version: version + 1, data: body.data ?? {} });
  return [200, { request_id: 'r', data: { version: version + 1, destroyed: false } }];
}

function list({ entries }: HashicorpServer, folder: string): Answer {
  const below = [...entries.keys()].filter((name) => name.startsWith(`${folder}/`));
  const keys = below.map((name) => name.slice(folder.length + 1).replace(/\/.*/, '/'));
  return keys.length === 0 ? none : [200, { data: { keys: [...new Set(keys)].toSorted() } }];
}

function capabilities({ state }: HashicorpServer, paths: readonly string[]): Answer {
  const granted = state === 'read-only' ? ['read', 'list'] : ['create', 'read', 'update', 'delete', 'list'];
  return [200, { capabilities: granted, ...Object.fromEntries(paths.map((path) => [path, granted])) }];
}

function send(response: ServerResponse, status: number, body: object | null): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body === null ? undefined : JSON.stringify(body));
}
