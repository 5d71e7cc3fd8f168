/** `@tessera/guard/express`: guards the routes of an Express app. @module */
import { anonymous, type Principal } from '@tessera/token';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Guard } from '../guard/guard.ts';
import type { Requirement } from '../guard/policies.ts';
import { answerOf } from './answer-of.ts';
import { isMarkedPublic, markPublic } from './express-routes.ts';
import { guardedOf, setGuarded } from './guarded.ts';
import { writeAnswer } from './node-answer.ts';
import { nodeLoginAttempt } from './node-body.ts';
import { NodeHead } from './node-head.ts';
import { nowOrLater } from './now-or-later.ts';
import { askRequirement, policyRequirement, roleRequirement } from './requirement.ts';

declare global {
  namespace Express {
    interface Request {
      /** Who asks. At a public endpoint the anonymous principal. */
      principal: Principal;
    }
  }
}

/** By the app's own `trust proxy`. */
class ExpressHead extends NodeHead {
  readonly #request: Request;

  constructor(request: Request) {
    // Where the guard is mounted, `url` is what is left behind that path.
    super(request, request.originalUrl);
    this.#request = request;
  }

  override get remoteAddress(): string | null {
    return this.#request.ip ?? null;
  }

  override get isPrivate(): boolean {
    return this.#request.secure || super.isPrivate;
  }
}

/** Middleware for everything that comes after it; what stands before it is open. */
export function protect(guard: Guard): RequestHandler {
  const middleware: RequestHandler = (request, response, next) => {
    const head = new ExpressHead(request);
    const mark = isMarkedPublic(request, middleware) ? 'public' : undefined;
    nowOrLater(guard.decide(head, mark), (decision) => {
      if (decision.kind === 'pass') {
        request.principal = decision.principal;
        setGuarded(request, guard, decision.principal);
        next();
        return;
      }
      nowOrLater(
        answerOf(guard, decision, () => nodeLoginAttempt(request, head, request.body)),
        (answer) => writeAnswer(response, answer),
      );
    });
  };
  return middleware;
}

/** First of a route's handlers: the route is open to everybody, and credentials are not looked at. */
export function publicEndpoint(): RequestHandler {
  return markPublic((request, _response, next) => {
    request.principal = anonymous;
    next();
  });
}

/** For routes of principals that hold one of the roles; others are answered 403. */
export function requireRole(...roles: readonly string[]): RequestHandler {
  return requiring(roleRequirement(roles));
}

/** For routes of principals that pass all of the policies; others are answered 403. */
export function requirePolicy(...policies: readonly string[]): RequestHandler {
  return requiring(policyRequirement(policies));
}

function requiring(requirement: Requirement): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    nowOrLater(askRequirement(guardedOf(request), requirement), (refusal) => {
      if (refusal === null) next();
      else writeAnswer(response, refusal);
    });
  };
}
