/** `/v1/endpoints`: which services there are, and where. For everybody. @module */
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import type { Core } from '../../operations/core.ts';
import type { NebularOptions } from './options.ts';

export function addEndpointsRoute(app: App, core: Core, { region }: NebularOptions): void {
  const schema = { tags: ['system'], summary: 'Lists the endpoints of the region' };
  app.get('/endpoints', { schema }, (_request, reply) => {
    // Where any free port was asked for, the address is known only now.
    const identity = { name: 'identity', interface: 'public', region, uri: core.issuer };
    return sendJson(reply, 200, JSON.stringify({ payload: [identity] }));
  });
}
