/** What machines ask about the server itself: is it alive, is it ready, what are its numbers. @module */
import type { FastifyInstance } from 'fastify';
import { sendJson, sendText } from './answer.ts';
import type { Metrics } from './metrics.ts';

export interface Probes {
  readonly metrics: Metrics;
  readonly version: string;
  /** Why the server should get no requests now, or null when it should. */
  readonly unreadiness: () => Promise<string | null>;
}

export function addProbes(app: FastifyInstance, { metrics, version, unreadiness }: Probes): void {
  const hidden = { schema: { hide: true } };
  const about = JSON.stringify({ name: 'Tessera', version, documentation: '/openapi.json' });
  app.get('/', hidden, (_request, reply) => sendJson(reply, 200, about));
  app.get('/healthz', hidden, (_request, reply) => sendJson(reply, 200, '{"status":"alive"}'));
  app.get('/readyz', hidden, async (_request, reply) => {
    const reason = await unreadiness();
    if (reason === null) return sendJson(reply, 200, '{"status":"ready"}');
    return sendJson(reply.header('retry-after', '2'), 503, JSON.stringify({ status: 'not ready', reason }));
  });
  app.get('/metrics', hidden, async (_request, reply) => {
    const { contentType, text } = await metrics.text();
    return sendText(reply, contentType, text);
  });
}
