/**
 * A fenced block `http`: one request and the answer it must get.
 *
 * ````
 * ```http
 * POST /api/v1/auth/tokens
 * Authorization: Bearer {{ada.jwt}}
 *
 * {"grant_type": "refresh_token", "refresh_token": "{{ada.refresh}}"}
 *
 * HTTP 200
 * Cache-Control: no-store
 *
 * {"jwt": "<jwt>", "duration": 300, "token_type": "Bearer"}
 * ```
 * ````
 *
 * A body that begins like JSON is sent as JSON unless a header says otherwise. Of the answer, the status, the headers
 * written down and the whole body are compared; no body written means an empty one, and the line `…` any.
 * @module
 */
import { differences } from './expected-json.ts';
import { type Captures, fill, matches } from './template.ts';

/** The block, taken apart but with its holes. */
interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body: string;
  readonly status: number;
  readonly answerHeaders: readonly Header[];
  readonly answerBody: string;
}

type Header = readonly [name: string, value: string];

/**
 * Sends the block's request to the server at `url` and compares the answer.
 *
 * @returns every difference, none when the document is right
 * @throws when the block is not written as above
 */
export async function runExchange(block: string, url: string, captures: Captures): Promise<string[]> {
  const exchange = readExchange(block);
  const body = fill(exchange.body, captures);
  const headers = new Headers(
    exchange.headers.map(([name, value]): [string, string] => [name, fill(value, captures)]),
  );
  if (/^\s*[{[]/.test(body) && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const response = await fetch(url + fill(exchange.path, captures), {
    method: exchange.method,
    headers,
    redirect: 'manual',
    body: body === '' ? null : body,
  });
  const text = await response.text();
  if (response.status !== exchange.status) {
    return [`expected HTTP ${exchange.status}, got HTTP ${response.status}: ${text}`];
  }
  return [
    ...exchange.answerHeaders.flatMap(([name, value]) =>
      headerDifferences(name, value, response.headers, captures),
    ),
    ...bodyDifferences(exchange.answerBody, text, captures),
  ];
}

function headerDifferences(name: string, value: string, headers: Headers, captures: Captures): string[] {
  const actual = headers.get(name);
  if (actual === null) return [`header ${name}: is missing`];
  return matches(value, actual, captures) ? [] : [`header ${name}: expected ${value}, got ${actual}`];
}

function bodyDifferences(expected: string, actual: string, captures: Captures): string[] {
  if (/^[{[]/.test(expected)) {
    const parsed = asJson(actual);
    return parsed === undefined
      ? [`expected a JSON body, got ${actual}`]
      : differences(JSON.parse(expected), parsed, captures);
  }
  return matches(expected, actual.trim(), captures) ? [] : [`expected the body ${expected}, got ${actual}`];
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readExchange(block: string): Exchange {
  const parts = /^([A-Z]+) (\S.*)\n([\s\S]*?)^HTTP (\d{3})\s*?(?:\n([\s\S]*))?$/m.exec(block);
  if (parts === null)
    throw new Error('an http block is a request line, a request, and an answer that begins with HTTP nnn');
  const [, method = '', path = '', request = '', status = '', answer = ''] = parts;
  const [headers, body] = readMessage(request);
  const [answerHeaders, answerBody] = readMessage(answer);
  return { method, path: path.trim(), headers, body, status: Number(status), answerHeaders, answerBody };
}

function readMessage(text: string): [Header[], string] {
  const lines = text.split('\n');
  const blank = lines.findIndex((line) => line.trim() === '');
  const head = blank < 0 ? lines : lines.slice(0, blank);
  const body = blank < 0 ? '' : lines.slice(blank).join('\n').trim();
  return [head.filter((line) => line.trim() !== '').map(readHeader), body];
}

function readHeader(line: string): Header {
  const [, name, value] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
  if (name === undefined || value === undefined)
    throw new Error(`not a header, and no blank line before it: ${line}`);
  return [name, value];
}
