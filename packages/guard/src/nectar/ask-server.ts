/** One question to a Tessera server: bounded in time and size, following no redirect. @module */
import http from 'node:http';
import https from 'node:https';
import { readText } from '../tessera/read-text.ts';

export interface Question {
  readonly method: 'GET' | 'POST';
  /** Below the server's address, without a slash before it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the client, which the server believes where it trusts this guard as a proxy; null: not known. */
  readonly address: string | null;
  /** Sent as JSON; null: nothing is sent. */
  readonly body: object | null;
}

export interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export interface ServerQuestions {
  /** Null: the server cannot be reached, or does not answer in time. */
  ask(question: Question): Promise<Reply | null>;
  close(): void;
}

/** A password is hashed there, and others may be before it. */
const timeoutMs = 10_000;
const mostBytes = 65_536;

export function askServer(server: URL): ServerQuestions {
  const { request, Agent } = server.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  return {
    close: () => agent.destroy(),
    async ask({ method, path, headers, address, body }) {
      const text = body === null ? '' : JSON.stringify(body);
      const sent = request(new URL(path, server), {
        method,
        agent,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          ...headers,
          ...(body === null
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
          ...(address === null ? {} : { 'x-forwarded-for': address }),
        },
      });
      try {
        const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
        sent.once('response', resolve).once('error', reject);
        sent.end(text);
        const response = await promise;
        const { statusCode = 0, headers: said } = response;
        return {
          status: statusCode,
          retryAfter: said['retry-after'],
          text: await readText(response, mostBytes),
        };
      } catch {
        return null;
      }
    },
  };
}
