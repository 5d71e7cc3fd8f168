/** An API that wants a login first, and remembers every request it was sent. @module */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface Recorded {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  /** By name in lower case, without those that the HTTP client adds by itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RecordedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

export interface RecordingServer {
  readonly port: number;
  /** Empties what was recorded so far. */
  take(): Recorded[];
}

const own: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'user-agent',
  'accept-encoding',
  'keep-alive',
]);

export async function recordingServer(
  t: TestContext,
  answer: (request: Recorded, earlier: number) => RecordedAnswer,
): Promise<RecordingServer> {
  let recorded: Recorded[] = [];
  const server = createServer(async (request, response) => {
    const one = await record(request);
    const earlier = recorded.filter(({ url }) => url === one.url).length;
    recorded.push(one);
    reply(response, answer(one, earlier));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const taken = recorded;
      recorded = [];
      return taken;
    },
  };
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).filter(([name]) => !own.has(name));
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function reply(
  response: ServerResponse,
  { status = 200, headers = {}, body = '{"ok":true}' }: RecordedAnswer,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
