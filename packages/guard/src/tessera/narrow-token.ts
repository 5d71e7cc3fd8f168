/** The principal of a server's token, and what one request may use of it by its headers. @module */
import type { Claims } from '@tessera/token';
import { narrowCaller, principalOfCaller } from '../context/narrow-principal.ts';
import type { ContextLookups } from '../context/request-context.ts';
import type { Accepted } from '../methods/method.ts';
import type { Connection } from './connection.ts';
import type { ServerToken } from './server-token.ts';

/** Without a connection nothing is known of tenants: a request that names one in a whole domain is 503. */
export function narrowToken(
  { caller, generation, sessionId }: ServerToken,
  claims: Claims,
  connection: Connection | null,
  enterScope: ContextLookups['enterScope'] = () => ({ kind: 'refused' }),
): Pick<Accepted, 'principal' | 'narrow'> {
  const principal = principalOfCaller(caller, claims);
  const tenantMembership = connection?.online.tenantMembership ?? (() => 'unknown' as const);
  const narrow = narrowCaller(caller, claims, principal, { tenantMembership, enterScope });
  if (connection === null || generation === null) return { principal, narrow };
  return {
    principal,
    narrow(head) {
      // That a pair of tokens is used ends the one before, which only the server can.
      connection.uses.session({ sessionId, generation, address: head.remoteAddress });
      return narrow(head);
    },
  };
}
