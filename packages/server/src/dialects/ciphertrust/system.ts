/** What the server says about itself. @module */
import type { FastifyReply } from 'fastify';
import { sendAsciiJson, sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { productVersion } from '../../http/version.ts';
import type { Core } from '../../operations/core.ts';
import { wireTime } from './wire.ts';

/** Without a token: for whoever waits for the server to start. */
export function addStatusRoute(app: App): void {
  const schema = { tags: ['system'], summary: 'Tells that the services run' };
  app.get(
    '/system/services/status',
    { schema },
    (_request, reply): FastifyReply => sendJson(reply, 200, '{"status":"started"}'),
  );
}

export function addSystemInfoRoute(app: App, core: Core): void {
  const schema = { tags: ['system'], summary: 'Tells version, uptime and time' };
  app.get('/system/info', { schema }, (_request, reply): FastifyReply => {
    const info = {
      name: 'Tessera',
      version: productVersion,
      model: 'Tessera',
      vendor: 'Tessera',
      uptime: uptimeText(process.uptime()),
      system_time: wireTime(core.clock()),
    };
    return sendAsciiJson(reply, 200, JSON.stringify(info));
  });
}

/** `0 days, 3 hours, 22 minutes` */
function uptimeText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 1440)} days, ${Math.floor(minutes / 60) % 24} hours, ${minutes % 60} minutes`;
}
