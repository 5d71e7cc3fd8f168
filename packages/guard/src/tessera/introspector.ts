/** Asks a server about a token: whether it counts at this moment, and what its bearer holds. @module */

import { rememberMembership } from '../context/remember-membership.ts';
import type { ContextLookups, EffectiveContext, WantedContext } from '../context/request-context.ts';
import type { CallServer } from './call-server.ts';
import { ServerError } from './server-error.ts';

/** `unknown`: the server cannot be asked now. */
export type OnlineVerdict =
  | { readonly kind: 'active'; readonly context: EffectiveContext }
  /** No business in the scope asked for. */
  | { readonly kind: 'not_permitted' }
  | { readonly kind: 'inactive' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' };

export interface Introspector {
  /** @param wanted for a token without a scope of its own; null: none */
  ask(token: string, wanted: WantedContext | null, address: string | null): Promise<OnlineVerdict>;
  readonly tenantMembership: ContextLookups['tenantMembership'];
  metrics(): Readonly<Record<string, number>>;
}

const timeoutMs = 5_000;
/** Beyond so many at once nothing more is asked: the server is in trouble, or somebody floods it. */
const mostAtOnce = 200;

export function introspector(call: CallServer): Introspector {
  const counts = { asked: 0, failed: 0, running: 0 };
  const send = async (sent: Parameters<CallServer>[0]): Promise<Readonly<Record<string, unknown>> | null> => {
    if (counts.running >= mostAtOnce) return null;
    counts.asked += 1;
    counts.running += 1;
    try {
      return (await call(sent)).body;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      counts.failed += 1;
      return null;
    } finally {
      counts.running -= 1;
    }
  };
  const member: ContextLookups['tenantMembership'] = async (tenantId, domain) => {
    const path = `guard/v1/tenants/${encodeURIComponent(tenantId)}?domain=${encodeURIComponent(domain)}`;
    const body = await send({ method: 'GET', path, timeoutMs });
    if (typeof body?.member !== 'boolean') return 'unknown';
    return body.member ? 'member' : 'stranger';
  };
  return {
    async ask(token, wanted, address) {
      const scope = wanted === null ? {} : { domain: wanted.domain, tenantId: wanted.tenantId };
      const from = address === null ? {} : { address };
      const question = { token, ...scope, ...from };
      const body = await send({ method: 'POST', path: 'guard/v1/introspect', body: question, timeoutMs });
      return body === null ? { kind: 'unknown' } : verdictOf(body);
    },
    tenantMembership: rememberMembership(member, { clock: () => performance.now() }),
    metrics: () => ({ introspections: counts.asked, introspectionFailures: counts.failed }),
  };
}

function verdictOf(body: Readonly<Record<string, unknown>>): OnlineVerdict {
  const { active, permitted, expired, type, domain, tenantId, roles } = body;
  if (active === false) return { kind: expired === true ? 'expired' : 'inactive' };
  if (active !== true) return { kind: 'unknown' };
  if (permitted === false) return { kind: 'not_permitted' };
  if (type === 'minimal') return { kind: 'inactive' };
  const isWhole =
    permitted === true &&
    type === 'standard' &&
    isTextOrNull(domain) &&
    isTextOrNull(tenantId) &&
    Array.isArray(roles) &&
    roles.every((role) => typeof role === 'string');
  return isWhole ? { kind: 'active', context: { domain, tenantId, roles } } : { kind: 'unknown' };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
