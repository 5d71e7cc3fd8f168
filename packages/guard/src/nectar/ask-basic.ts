/** Asks a Tessera server whether a user name and a password are good: `POST /aapi/basic`. @module */
import http from 'node:http';
import https from 'node:https';
import type { Secret } from '@tessera/token';

export interface BasicQuestion {
  readonly userName: string;
  readonly password: Secret;
  /** Null: the root domain. */
  readonly domain: string | null;
  /** Of the client, which the server believes where it trusts this guard as a proxy; null: not known. */
  readonly address: string | null;
}

export type BasicAnswer =
  | { readonly kind: 'accepted'; readonly userName: string; readonly roles: readonly string[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'slowed'; readonly retryAfterSeconds: number }
  /** The server cannot be reached, or its answer is none. */
  | { readonly kind: 'unavailable' };

/** A password is hashed there, and others may be before it. */
const timeoutMs = 10_000;
const mostBytes = 65_536;
const unavailable: BasicAnswer = Object.freeze({ kind: 'unavailable' });

export interface BasicAsker {
  ask(question: BasicQuestion): Promise<BasicAnswer>;
  close(): void;
}

export function askBasic(server: URL): BasicAsker {
  const { request, Agent } = server.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  const url = new URL('aapi/basic', server);
  return {
    close: () => agent.destroy(),
    async ask({ userName, password, domain, address }) {
      const text = JSON.stringify({ userName, password: password.reveal(), domain });
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
        ...(address === null ? {} : { 'x-forwarded-for': address }),
      };
      try {
        const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
        const sent = request(url, { method: 'POST', agent, headers, signal: AbortSignal.timeout(timeoutMs) });
        sent.once('response', resolve).once('error', reject);
        sent.end(text);
        return await readAnswer(await promise);
      } catch {
        return unavailable;
      }
    },
  };
}

async function readAnswer(response: http.IncomingMessage): Promise<BasicAnswer> {
  const text = await readText(response);
  switch (response.statusCode) {
    case 200:
      return readAccepted(text);
    case 400:
    case 401:
      return { kind: 'refused' };
    case 429: {
      const seconds = Number(response.headers['retry-after']);
      return { kind: 'slowed', retryAfterSeconds: seconds >= 1 ? Math.ceil(seconds) : 1 };
    }
    default:
      return unavailable;
  }
}

async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new Error('more than an answer has');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws {Error} for what is no answer */
function readAccepted(text: string): BasicAnswer {
  const { userName, roles } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (typeof userName !== 'string' || !isTexts(roles)) throw new Error('no answer to this question');
  return { kind: 'accepted', userName, roles };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');
