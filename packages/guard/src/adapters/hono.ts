/** `@tessera/guard/hono`: guards the routes of a Hono app. @module */
import type { IncomingMessage } from 'node:http';
import { anonymous, type Principal } from '@tessera/token';
import type { Context, MiddlewareHandler } from 'hono';
import type { Decision, Guard } from '../guard/guard.ts';
import type { Requirement } from '../guard/policies.ts';
import type { LoginBody } from '../login/attempt.ts';
import type { RequestHead } from '../request/request-head.ts';
import { answerOf } from './answer-of.ts';
import { responseOf } from './fetch-answer.ts';
import { fetchLoginAttempt } from './fetch-body.ts';
import { FetchHead } from './fetch-head.ts';
import { guardedOf, setGuarded } from './guarded.ts';
import { isMarkedPublic, markPublic } from './hono-routes.ts';
import { AddressedHead, NodeHead } from './node-head.ts';
import { askRequirement, policyRequirement, roleRequirement } from './requirement.ts';

/** `new Hono<{ Variables: GuardVariables }>()` types `c.get('principal')`. */
export interface GuardVariables {
  /** Who asks. At a public endpoint the anonymous principal. */
  principal: Principal;
}

export type GuardMiddleware = MiddlewareHandler<{ Variables: GuardVariables }>;

export interface HonoOptions {
  /** The client's address, by which guessing is slowed down. Default: of the socket, which behind a proxy is the proxy's. */
  readonly addressOf?: (c: Context) => string | null;
}

/** Middleware for everything that comes after it; what stands before it is open. */
export function protect(guard: Guard, { addressOf }: HonoOptions = {}): GuardMiddleware {
  return async (c, next) => {
    const head = headOf(c, addressOf);
    const decided = guard.decide(head, isMarkedPublic(c) ? 'public' : undefined);
    const decision: Decision = decided instanceof Promise ? await decided : decided;
    if (decision.kind !== 'pass') {
      const attempt = () => fetchLoginAttempt(c.req.raw, head, () => readConsumed(c));
      return responseOf(await answerOf(guard, decision, attempt));
    }
    c.set('principal', decision.principal);
    setGuarded(c, guard, decision.principal);
    return next();
  };
}

/** On Node the request as it came, which still shows a header that was sent twice; elsewhere the fetch-style one. */
function headOf(c: Context, addressOf: HonoOptions['addressOf']): RequestHead {
  const incoming: IncomingMessage | undefined = c.env?.incoming;
  if (incoming?.rawHeaders === undefined) return new FetchHead(c.req.raw, addressOf?.(c) ?? null);
  const { url = '' } = incoming;
  return addressOf === undefined
    ? new NodeHead(incoming, url)
    : new AddressedHead(incoming, url, () => addressOf(c));
}

/** A body that the program has read stays with Hono, in the form in which it was read. */
async function readConsumed(c: Context): Promise<LoginBody> {
  try {
    const isForm = 'formData' in c.req.bodyCache || 'parsedBody' in c.req.bodyCache;
    if (isForm) return { kind: 'parsed', value: await c.req.parseBody({ all: true }) };
    return { kind: 'bytes', bytes: new Uint8Array(await c.req.arrayBuffer()) };
  } catch {
    return { kind: 'unreadable' };
  }
}

/** First of a route's handlers: the route is open to everybody, and credentials are not looked at. */
export function publicEndpoint(): GuardMiddleware {
  return markPublic(async (c, next) => {
    c.set('principal', anonymous);
    await next();
  });
}

/** For routes of principals that hold one of the roles; others are answered 403. */
export function requireRole(...roles: readonly string[]): GuardMiddleware {
  return requiring(roleRequirement(roles));
}

/** For routes of principals that pass all of the policies; others are answered 403. */
export function requirePolicy(...policies: readonly string[]): GuardMiddleware {
  return requiring(policyRequirement(policies));
}

function requiring(requirement: Requirement): GuardMiddleware {
  return async (c, next) => {
    const refusal = await askRequirement(guardedOf(c), requirement);
    return refusal === null ? next() : responseOf(refusal);
  };
}
