/** Answers to calls where nothing is sent. @module */
import type { HttpAnswer, HttpRequest } from '../http/http-exchange.ts';
import { TokenClientError } from '../plan/errors.ts';

export interface StubAnswer {
  /** 200, if not given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are answered as they are, everything else as JSON. */
  readonly body?: unknown;
}

/** By method and path, as `GET /api/v1/widgets/42`; a path without its query stands for all queries. Null: no answer. */
export type StubAnswers =
  | Readonly<Record<string, StubAnswer>>
  | ((call: { readonly method: string; readonly path: string }) => StubAnswer | null);

/** @param original the call as its caller wrote it: a token in the URL would hide the answer */
export function stubAnswer(
  answers: StubAnswers | undefined,
  { method, url }: Pick<HttpRequest, 'method' | 'url'>,
): HttpAnswer {
  const { pathname, search } = new URL(url);
  const answer = found(answers, method, pathname, search);
  if (answer === null) {
    throw new TokenClientError(
      'no_mock',
      'call',
      `${method} ${pathname}: there is no stub answer for this call.`,
      {
        method,
        cure: `Give stubAnswers an answer for "${method} ${pathname}".`,
      },
    );
  }
  const isText = typeof answer.body === 'string' || answer.body instanceof Uint8Array;
  const content = isText ? {} : { 'content-type': 'application/json' };
  return {
    status: answer.status ?? 200,
    statusText: '',
    headers: { ...content, ...lowerCased(answer.headers ?? {}) },
    body: bytesOf(answer.body),
  };
}

function found(
  answers: StubAnswers | undefined,
  method: string,
  path: string,
  query: string,
): StubAnswer | null {
  if (typeof answers === 'function') return answers({ method, path: path + query });
  const names = [`${method} ${path}${query}`, `${method} ${path}`];
  const name = names.find((one) => Object.hasOwn(answers ?? {}, one));
  return name === undefined ? null : (answers?.[name] ?? null);
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (body === undefined || body === null) return new Uint8Array();
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
