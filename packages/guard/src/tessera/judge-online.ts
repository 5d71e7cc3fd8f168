/** Whether a good token counts, by asking the server about this one request. @module */
import type { Claims } from '@tessera/token';
import type { ContextLookups } from '../context/request-context.ts';
import { refused } from '../methods/bearer-check.ts';
import type { Accepted, CheckedRequest, Verdict } from '../methods/method.ts';
import type { Connection } from './connection.ts';
import { narrowToken } from './narrow-token.ts';
import type { ServerToken } from './server-token.ts';

export interface OnlineQuestion {
  readonly verdict: Accepted;
  readonly token: ServerToken;
  /** The token's text. */
  readonly sent: string;
  readonly claims: Claims;
  readonly request: CheckedRequest;
}

const retryAfterSeconds = 5;

/** The roles are those of this moment. Nothing is remembered. */
export async function judgeOnline(connection: Connection, question: OnlineQuestion): Promise<Verdict> {
  const { verdict, token, sent, claims, request } = question;
  const address = request.head.remoteAddress;
  const answer = await connection.online.ask(sent, null, address);
  switch (answer.kind) {
    case 'unknown':
      return { kind: 'unavailable', retryAfterSeconds };
    case 'inactive':
      return { kind: 'revoked' };
    case 'expired':
      return refused('expired');
    case 'not_permitted':
      return { kind: 'revoked' };
    case 'active': {
      const { domain, tenantId, roles } = answer.context;
      const scoped = token.kind === 'nebularstack' ? { domain, tenantId } : {};
      const asked = { ...token, caller: { ...token.caller, ...scoped, roles } };
      const enterScope: ContextLookups['enterScope'] = async (wanted) => {
        const entered = await connection.online.ask(sent, wanted, address);
        if (entered.kind === 'active') return { kind: 'context', context: entered.context };
        return { kind: entered.kind === 'unknown' ? 'unknown' : 'refused' };
      };
      return { ...verdict, remembered: null, ...narrowToken(asked, claims, connection, enterScope) };
    }
  }
}
