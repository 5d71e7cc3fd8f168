/** HTTP as bytes on a socket: what is sent is exactly what a test says, duplicates and oddities included. @module */
import { sendRaw } from '../../../../test/harness/raw-http.ts';

const longestSilenceMs = 20_000;

export interface Sent {
  readonly method?: string;
  /** The request target as it stands in the request line. */
  readonly target: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  /** Default: by Content-Length. `given`: by the headers as they stand. */
  readonly framing?: 'given';
}

export interface Received {
  readonly status: number;
  /** By lower-case name; of several, all. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

export async function call(url: string, sent: Sent): Promise<Received> {
  const { host } = new URL(url);
  const body = Buffer.from(sent.body ?? '');
  const lines = [
    `${sent.method ?? 'GET'} ${sent.target} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    ...(sent.headers ?? []).map(([name, value]) => `${name}: ${value}`),
    ...(sent.body === undefined || sent.framing === 'given' ? [] : [`Content-Length: ${body.byteLength}`]),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return readResponse(await exchange(url, Buffer.concat([head, body])));
}

/** All that the server answers until it closes the connection. */
export async function exchange(url: string, bytes: Buffer): Promise<Buffer> {
  return Buffer.from(await sendRaw(url, bytes, longestSilenceMs));
}

function readResponse(bytes: Buffer): Received {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers: Record<string, string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers[name] = [...(headers[name] ?? []), line.slice(colon + 1).trim()];
  }
  const rest = bytes.subarray(end + 4);
  const isChunked = headers['transfer-encoding']?.includes('chunked') === true;
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: (isChunked ? unchunk(rest) : rest).toString('utf8'),
  };
}

function unchunk(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString(), 16);
    if (!(size > 0)) break;
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(chunks);
}
