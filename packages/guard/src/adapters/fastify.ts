/** `@tessera/guard/fastify`: guards every route of a Fastify app. @module */
import type { Principal } from '@tessera/token';
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Answer } from '../guard/answer.ts';
import type { Guard } from '../guard/guard.ts';
import type { Requirement } from '../guard/policies.ts';
import { answerOf } from './answer-of.ts';
import type { Guarded } from './guarded.ts';
import { nodeLoginAttempt } from './node-body.ts';
import { NodeHead } from './node-head.ts';
import { nowOrLater } from './now-or-later.ts';
import { askRequirement, policyRequirement, roleRequirement } from './requirement.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. At a public endpoint the anonymous principal. */
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** The route is open to everybody; credentials are not looked at. */
    public?: boolean;
  }
}

export type ProtectPlugin = (app: FastifyInstance) => Promise<void>;
/** Of an app over HTTP/1 or HTTP/2. */
export type RequirementHook = (
  request: { readonly server: object; readonly principal: Principal },
  reply: object,
  done: HookHandlerDoneFunction,
) => void;

/** By the app's own `trustProxy`. */
class FastifyHead extends NodeHead {
  readonly #request: FastifyRequest;

  constructor(request: FastifyRequest) {
    super(request.raw, request.raw.url ?? '');
    this.#request = request;
  }

  override get remoteAddress(): string | null {
    return this.#request.ip;
  }

  override get isPrivate(): boolean {
    return this.#request.protocol === 'https' || super.isPrivate;
  }
}

/** Of this module alone; children of the app inherit it. */
const guardOfApp = Symbol('guard');

type GuardedApp = Partial<Record<typeof guardOfApp, Guard>>;

function guardedOf({ server, principal }: Parameters<RequirementHook>[0]): Guarded | undefined {
  const guard = (server as GuardedApp)[guardOfApp];
  return guard === undefined || !principal ? undefined : { guard, principal };
}

/**
 * A plugin for the whole app that registers it, routes declared before included: it is not encapsulated. What Fastify answers to
 * unknown paths comes after the guard, too. In a plugin of yours it guards that plugin's routes, and what is registered in there.
 */
export function protect(guard: Guard): ProtectPlugin {
  const plugin: ProtectPlugin = async (app) => {
    // Where a guard of the app around it has been before, a request has to pass both.
    (app as GuardedApp)[guardOfApp] = guard;
    if (!app.hasRequestDecorator('principal')) {
      app.decorateRequest('principal', null as unknown as Principal);
    }
    // Of routes that are there already nothing is known.
    let hasPublicRoutes = app.printRoutes() !== '(empty tree)';
    app.addHook('onRoute', ({ config }) => {
      hasPublicRoutes ||= config?.public === true;
    });
    app.addHook('onRequest', (request, reply, done) => {
      const head = new FastifyHead(request);
      // Fastify makes the options anew whenever they are asked for.
      const isMarked = hasPublicRoutes && request.routeOptions.config.public === true;
      const decision = guard.decide(head, isMarked ? 'public' : undefined);
      // Said here and not in a function that is made for each request: nearly all requests come by.
      if (!(decision instanceof Promise) && decision.kind === 'pass') {
        request.principal = decision.principal;
        done();
        return;
      }
      nowOrLater(decision, (settled) => {
        if (settled.kind === 'pass') {
          request.principal = settled.principal;
          done();
          return;
        }
        nowOrLater(
          answerOf(guard, settled, () => nodeLoginAttempt(request.raw, head, undefined)),
          (answer) => send(reply, answer),
        );
      });
    });
    if (isPlugin(app)) declareLogin(app, guard);
  };
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: '@tessera/guard',
  });
}

function isPlugin(app: object): boolean {
  return Object.getPrototypeOf(app) !== Object.prototype;
}

/** Hooks of a plugin are not asked about paths without a route. */
function declareLogin(app: FastifyInstance, { loginPaths }: Guard): void {
  const prefix = app.prefix.replace(/\/$/, '');
  for (const url of loginPaths) {
    if (!url.startsWith(`${prefix}/`) || app.hasRoute({ method: 'POST', url })) continue;
    app.post(url.slice(prefix.length), (_request, reply) => reply.code(404).send());
  }
}

function send(reply: FastifyReply, { status, headers, body }: Answer): void {
  // Of an empty text, Fastify would say that it is plain text.
  reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : body);
}

/** A hook (`onRequest` or `preHandler`) of routes for principals that hold one of the roles; others are answered 403. */
export function requireRole(...roles: readonly string[]): RequirementHook {
  return requiring(roleRequirement(roles));
}

/** A hook of routes for principals that pass all of the policies; others are answered 403. */
export function requirePolicy(...policies: readonly string[]): RequirementHook {
  return requiring(policyRequirement(policies));
}

function requiring(requirement: Requirement): RequirementHook {
  return (request, reply, done) => {
    nowOrLater(askRequirement(guardedOf(request), requirement), (refusal) => {
      if (refusal === null) done();
      else send(reply as FastifyReply, refusal);
    });
  };
}
