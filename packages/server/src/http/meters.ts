/** Counts and, where wanted, logs each request. @module */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Dialect } from './http-server.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { describe } from './refuse-request.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers when there is something to tell, or when the time is up that was asked for. */
    waits?: true;
  }
}

export interface Metering {
  readonly metrics: Metrics;
  readonly dialects: readonly Dialect[];
  readonly log: Log;
  readonly logRequests: 'each' | 'slow';
}

/** From here on a request is worth a line whatever the log's level. */
const slowMs = 2000;

/** Gives every route added from now on its meter; no request looks one up. */
export function addMeters(app: FastifyInstance, { metrics, dialects, log, logRequests }: Metering): void {
  const fastMs = logRequests === 'each' ? 0 : slowMs;
  app.addHook('onRoute', (route) => {
    const dialect = dialects.find(({ prefix }) => route.url.startsWith(`${prefix}/`))?.name ?? 'none';
    const meter = metrics.meter({ dialect, method: String(route.method), route: route.url });
    const finish = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      const durationMs = reply.elapsedTime;
      meter.count(reply.statusCode, durationMs);
      // Of a request that waits to be told something, slowness says nothing.
      const isSlow = durationMs >= fastMs && (logRequests === 'each' || route.config?.waits !== true);
      if (isSlow) logRequest(log, request, reply, durationMs);
      done();
    };
    route.onResponse = [route.onResponse ?? [], finish].flat();
  });
}

function logRequest(log: Log, request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
  const detail = { ...describe(request), status: reply.statusCode, durationMs: Math.round(durationMs) };
  log(durationMs >= slowMs ? 'warn' : 'debug', durationMs >= slowMs ? 'slow request' : 'request', detail);
}
