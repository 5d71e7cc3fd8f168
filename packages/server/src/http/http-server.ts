/** What all dialects share: limits, request ids, numbers, probes, and an error face for every path. @module */
import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { AllowedMethods } from './allowed-methods.ts';
import { sendNothing } from './answer.ts';
import { createListener, type Listening } from './listener.ts';
import type { Log } from './log.ts';
import { addMeters } from './meters.ts';
import type { Metrics } from './metrics.ts';
import { addOpenApi } from './openapi.ts';
import { addProbes, type Probes } from './probes.ts';
import type { ErrorFace } from './refusal.ts';
import { type ProblemFinder, refuseRequest, sendRefusal } from './refuse-request.ts';
import { normaliseSlashes } from './slashes.ts';

/** One wire language under its own prefix. */
export interface Dialect {
  readonly name: string;
  readonly prefix: string;
  readonly face: ErrorFace;
  readonly plugin: FastifyPluginAsync;
}

export interface HttpOptions extends Listening, Probes {
  /** Addresses and ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly dialects: readonly Dialect[];
  /** Words refusals on paths of no dialect. */
  readonly face: ErrorFace;
  readonly findProblem: ProblemFinder;
  readonly log: Log;
  readonly logRequests: 'each' | 'slow';
  readonly metrics: Metrics;
}

/** Bytes of a request's body. */
const bodyLimit = 65_536;

/** Characters of one part of a path: the longest name anything may have, percent-encoded. */
const maxParamLength = 1024;

/** Stands in for a compiler that no route may come to need. */
const unread = (): never => {
  throw new Error('a route with a schema needs its dialect to set a compiler');
};

const writeJson = (): typeof JSON.stringify => JSON.stringify;

/** Builds the server; it listens when told to. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const { face, findProblem, log } = options;
  const allowed = new AllowedMethods();
  const strayMeter = options.metrics.meter({ dialect: 'none', method: '', route: '' });
  const app = Fastify({
    bodyLimit,
    genReqId: () => randomUUID(),
    rewriteUrl: (request) => normaliseSlashes(request.url ?? '/'),
    routerOptions: { maxParamLength },
    // Each dialect reads by a compiler of its own, and answers are finished texts: Fastify's compilers are never loaded.
    schemaController: {
      compilersFactory: { buildValidator: () => unread, buildSerializer: () => writeJson },
    },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    // Requests that arrive on open connections while the server drains are still answered, and the connection closed.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    serverFactory: (handler) => createListener(options, handler, face),
    frameworkErrors: (error, request, reply) => {
      // No route was found yet, so no dialect's handler either.
      const worn = faceAt(request.raw.url ?? '/', options);
      refuseRequest(error, request as FastifyRequest, reply as FastifyReply, worn, findProblem, log);
    },
  });
  app.removeAllContentTypeParsers();
  app.addHook('onRoute', (route) => allowed.add(route.url, [route.method].flat()));
  addMeters(app, options);
  const wear = (scope: FastifyInstance, worn: ErrorFace): void => {
    scope.setErrorHandler((error, request, reply) =>
      refuseRequest(error, request, reply, worn, findProblem, log),
    );
    scope.setNotFoundHandler((request, reply) => {
      answerUnknown(request, reply, allowed, worn);
      strayMeter.count(reply.statusCode, 0);
    });
  };
  wear(app, face);
  addProbes(app, options);
  const addDialects = async (scope: FastifyInstance): Promise<void> => {
    for (const { prefix, face: worn, plugin } of options.dialects) {
      await scope.register(
        async (dialect) => {
          wear(dialect, worn);
          await plugin(dialect, {});
        },
        { prefix },
      );
    }
  };
  addOpenApi(app, addDialects);
  await addDialects(app);
  return app;
}

/** Whose words a path is answered in. */
function faceAt(url: string, { dialects, face }: Pick<HttpOptions, 'dialects' | 'face'>): ErrorFace {
  return dialects.find(({ prefix }) => url.startsWith(`${prefix}/`))?.face ?? face;
}

function answerUnknown(
  request: FastifyRequest,
  reply: FastifyReply,
  allowed: AllowedMethods,
  face: ErrorFace,
): FastifyReply {
  const [path = '/'] = (request.raw.url ?? '/').split('?', 1);
  const allow = allowed.of(path);
  if (allow === null) return sendRefusal({ kind: 'unknown_route' }, request, reply, face);
  if (request.method === 'OPTIONS') return sendNothing(reply.header('allow', allow));
  return sendRefusal({ kind: 'method_not_allowed', allow }, request, reply, face);
}
