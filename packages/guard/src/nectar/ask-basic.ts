/** Asks a Tessera server whether a user name and a password are good: `POST /aapi/basic`. @module */
import type { Secret } from '@tessera/token';
import type { Reply, ServerQuestions } from './ask-server.ts';

export interface BasicQuestion {
  readonly userName: string;
  readonly password: Secret;
  /** Null: the root domain. */
  readonly domain: string | null;
  /** Of the client; null: not known. */
  readonly address: string | null;
}

export type BasicAnswer =
  | { readonly kind: 'accepted'; readonly userName: string; readonly roles: readonly string[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'slowed'; readonly retryAfterSeconds: number }
  /** The server cannot be reached, or its answer is none. */
  | { readonly kind: 'unavailable' };

const unavailable: BasicAnswer = Object.freeze({ kind: 'unavailable' });

export async function askBasic(
  server: ServerQuestions,
  { userName, password, domain, address }: BasicQuestion,
): Promise<BasicAnswer> {
  const body = { userName, password: password.reveal(), domain };
  const reply = await server.ask({ method: 'POST', path: 'aapi/basic', headers: {}, address, body });
  return reply === null ? unavailable : answerOf(reply);
}

function answerOf({ status, retryAfter, text }: Reply): BasicAnswer {
  switch (status) {
    case 200:
      return acceptedIn(text);
    case 400:
    case 401:
      return { kind: 'refused' };
    case 429: {
      const seconds = Number(retryAfter);
      return { kind: 'slowed', retryAfterSeconds: seconds >= 1 ? Math.ceil(seconds) : 1 };
    }
    default:
      return unavailable;
  }
}

function acceptedIn(text: string): BasicAnswer {
  try {
    const { userName, roles } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof userName === 'string' && isTexts(roles)) return { kind: 'accepted', userName, roles };
  } catch {
    // Not JSON: some other server.
  }
  return unavailable;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');
