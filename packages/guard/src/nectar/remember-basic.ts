/** Passwords that were good a moment ago, known by a keyed hash alone. @module */
import { createHmac, randomBytes } from 'node:crypto';
import type { Secret } from '@tessera/token';
import type { Accepted } from '../methods/method.ts';

const forMs = 30_000;
const mostKept = 10_000;

export interface BasicMemory {
  find(userName: string, password: Secret, nowMs: number): Accepted | null;
  add(userName: string, password: Secret, accepted: Accepted, nowMs: number): void;
}

/** The key is this process's own and goes with it: what is kept is of no use elsewhere. */
export function rememberBasic(): BasicMemory {
  const key = randomBytes(32);
  const kept = new Map<string, { readonly accepted: Accepted; readonly untilMs: number }>();
  const nameOf = (userName: string, password: Secret): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([userName, password.reveal()]))
      .digest('base64');
  return {
    find(userName, password, nowMs) {
      const name = nameOf(userName, password);
      const found = kept.get(name);
      if (found === undefined) return null;
      if (nowMs < found.untilMs && nowMs >= found.untilMs - forMs) return found.accepted;
      kept.delete(name);
      return null;
    },
    add(userName, password, accepted, nowMs) {
      if (kept.size >= mostKept) kept.clear();
      kept.set(nameOf(userName, password), { accepted, untilMs: nowMs + forMs });
    },
  };
}
