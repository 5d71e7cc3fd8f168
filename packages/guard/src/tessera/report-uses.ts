/** Tells a server what it does not see itself: which of its tokens are used here. Never in a request's way. @module */
import type { CallServer } from './call-server.ts';
import { pause } from './retries.ts';

export interface SeenUse {
  readonly sessionId: string;
  readonly generation: number;
  readonly address: string | null;
}

export interface UseReporter {
  session(use: SeenUse): void;
  token(key: string): void;
  close(): void;
}

/** The same is told once in this time. */
const everyMs = 60_000;
/** So that what comes together goes together, and a new pair of tokens is known to be used within a second or so. */
const gatherMs = 500;
const mostAtOnce = 500;
const mostRemembered = 20_000;
const timeoutMs = 5_000;

export function useReporter(call: CallServer): UseReporter {
  const told = new Map<string, number>();
  const closing = new AbortController();
  let sessions: object[] = [];
  let tokens: string[] = [];
  let isSending = false;

  const isNew = (name: string): boolean => {
    const nowMs = performance.now();
    const last = told.get(name);
    if (last !== undefined && nowMs - last < everyMs) return false;
    if (told.size >= mostRemembered) told.clear();
    told.set(name, nowMs);
    return true;
  };
  const send = async (): Promise<void> => {
    await pause(gatherMs, closing.signal);
    const body = { sessions, tokens };
    sessions = [];
    tokens = [];
    try {
      await call({ method: 'POST', path: 'guard/v1/uses', body, timeoutMs, signal: closing.signal });
    } catch {
      // What was not told now is told when it is seen again; nobody waits for it.
      told.clear();
    }
  };
  const later = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    while (sessions.length + tokens.length > 0 && !closing.signal.aborted) await send();
    isSending = false;
  };

  return {
    session({ sessionId, generation, address }) {
      if (!isNew(`${sessionId} ${generation}`) || sessions.length >= mostAtOnce) return;
      sessions.push({ session: sessionId, generation, ...(address === null ? {} : { address }) });
      void later();
    },
    token(key) {
      if (!isNew(key) || tokens.length >= mostAtOnce) return;
      tokens.push(key);
      void later();
    },
    close: () => closing.abort(),
  };
}
