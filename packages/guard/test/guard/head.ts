/** Requests' heads for a guard without any framework. @module */
import type { Decision, Guard, RequestHead } from '@tessera/guard';

export function headWith(...headers: readonly (readonly [name: string, value: string])[]): RequestHead {
  return {
    method: 'GET',
    target: '/',
    headers: headers.flat(),
    remoteAddress: '192.0.2.1',
    isPrivate: true,
  };
}

/** What the guard decides on a bearer: `pass NAME`, `STATUS CHALLENGE` or `STATUS RETRY-AFTER`. */
export async function decideBearer(guard: Guard, token: string): Promise<string> {
  return shown(await guard.decide(headWith(['Authorization', `Bearer ${token}`])));
}

export function shown(decision: Decision): string {
  if (decision.kind === 'pass') return `pass ${decision.principal.userName}`;
  if (decision.kind === 'log-in') return 'log-in';
  const { status, headers } = decision.answer;
  return `${status} ${headers['WWW-Authenticate'] ?? headers['Retry-After'] ?? ''}`.trim();
}
