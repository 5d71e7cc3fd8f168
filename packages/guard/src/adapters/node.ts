/** `@tessera/guard/node`: guards a handler of `node:http`. @module */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '@tessera/token';
import type { Guard } from '../guard/guard.ts';
import type { Requirement } from '../guard/policies.ts';
import { answerOf } from './answer-of.ts';
import { guardedOf, setGuarded } from './guarded.ts';
import { writeAnswer } from './node-answer.ts';
import { nodeLoginAttempt } from './node-body.ts';
import { AddressedHead, NodeHead } from './node-head.ts';
import { nowOrLater } from './now-or-later.ts';
import { askRequirement, policyRequirement, roleRequirement } from './requirement.ts';

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface NodeOptions {
  /** The client's address, by which guessing is slowed down. Default: of the socket, which behind a proxy is the proxy's. */
  readonly addressOf?: (request: IncomingMessage) => string | null;
}

/** Calls the handler only for requests that may pass; {@link principalOf} says who asks. */
export function protect(guard: Guard, handler: NodeHandler, { addressOf }: NodeOptions = {}): NodeHandler {
  return (request, response) => {
    const { url = '' } = request;
    const head =
      addressOf === undefined
        ? new NodeHead(request, url)
        : new AddressedHead(request, url, () => addressOf(request));
    nowOrLater(guard.decide(head), (decision) => {
      if (decision.kind === 'pass') {
        setGuarded(request, guard, decision.principal);
        handler(request, response);
        return;
      }
      const { body } = request as { body?: unknown };
      nowOrLater(
        answerOf(guard, decision, () => nodeLoginAttempt(request, head, body)),
        (answer) => writeAnswer(response, answer),
      );
    });
  };
}

/**
 * @throws {TypeError} for a request that no guard let pass, so that a handler without a guard serves nobody
 */
export function principalOf(request: IncomingMessage): Principal {
  const guarded = guardedOf(request);
  if (guarded === undefined) throw new TypeError('no guard let this request pass: protect its handler');
  return guarded.principal;
}

/** The handler for principals that hold one of the roles; others are answered 403. */
export function requireRole(...roles: readonly string[]): (handler: NodeHandler) => NodeHandler {
  return requiring(roleRequirement(roles));
}

/** The handler for principals that pass all of the policies; others are answered 403. */
export function requirePolicy(...policies: readonly string[]): (handler: NodeHandler) => NodeHandler {
  return requiring(policyRequirement(policies));
}

function requiring(requirement: Requirement): (handler: NodeHandler) => NodeHandler {
  return (handler) => (request, response) => {
    nowOrLater(askRequirement(guardedOf(request), requirement), (refusal) => {
      if (refusal === null) handler(request, response);
      else writeAnswer(response, refusal);
    });
  };
}
