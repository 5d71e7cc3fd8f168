/** Asks a Tessera server whether tokens still count, each of them anew after ten seconds: for guards that follow no feed. @module */
import { createHash } from 'node:crypto';
import type { Accepted, Unavailable, Verdict } from '../methods/method.ts';
import type { ServerQuestions } from './ask-server.ts';

export interface TokenQuestions {
  /** @param accepted what is to be answered if the token still counts */
  judge(token: string, accepted: Accepted, request: Asked): Verdict | Promise<Verdict>;
}

interface Asked {
  readonly nowMs: number;
  readonly address: string | null;
}

/** What the server said of one token. */
interface Known {
  counts: boolean;
  answeredAtMs: number;
  /** From when it is asked about again: a server that is away is not asked for every request. */
  askAtMs: number;
  flight: Promise<void> | null;
}

const everyMs = 10_000;
const pauseMs = 2_000;
const mostKept = 10_000;
const never = Number.NEGATIVE_INFINITY;
const unavailable: Unavailable = Object.freeze({ kind: 'unavailable', retryAfterSeconds: 5 });

/** @param staleMs how old an answer may be where the server gives no newer one */
export function askAboutTokens(server: ServerQuestions, staleMs: number): TokenQuestions {
  const known = new Map<string, Known>();

  const entryOf = (token: string): Known => {
    const name = createHash('sha256').update(token).digest('base64');
    const found = known.get(name);
    if (found !== undefined) return found;
    if (known.size >= mostKept) known.clear();
    const made: Known = { counts: false, answeredAtMs: never, askAtMs: never, flight: null };
    known.set(name, made);
    return made;
  };
  const ask = async (entry: Known, token: string, { nowMs, address }: Asked): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await server.ask({ method: 'GET', path: 'account/v1/me', headers, address, body: null });
    entry.flight = null;
    const isAnswer = reply !== null && (reply.status === 200 || reply.status === 401 || reply.status === 403);
    entry.askAtMs = nowMs + (isAnswer ? everyMs : pauseMs);
    if (!isAnswer) return;
    entry.counts = reply.status === 200;
    entry.answeredAtMs = nowMs;
  };
  const isFresh = (entry: Known, nowMs: number): boolean =>
    nowMs < entry.askAtMs && nowMs >= entry.askAtMs - everyMs;

  return {
    judge(token, accepted, request) {
      const entry = entryOf(token);
      const verdict = (): Verdict => {
        if (request.nowMs - entry.answeredAtMs > staleMs) return unavailable;
        if (!entry.counts) return { kind: 'revoked' };
        const { remembered } = accepted;
        const stands = (atMs: number): boolean =>
          isFresh(entry, atMs) && entry.counts && remembered?.stands(atMs) === true;
        return { ...accepted, remembered: { stands } };
      };
      if (isFresh(entry, request.nowMs)) return verdict();
      entry.flight ??= ask(entry, token, request);
      return entry.flight.then(verdict);
    },
  };
}
