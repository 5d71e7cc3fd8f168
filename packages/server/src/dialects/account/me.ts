/** `GET /account/v1/me`: who the credential speaks for. @module */
import { localConnection } from '../../domain/user.ts';
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { callerOf } from './caller.ts';

export function addMeRoute(app: App): void {
  const schema = { tags: ['account'], summary: 'Tells whose credential this is' };
  app.get('/me', { schema }, async (request, reply) => {
    const { username, connection, roles } = callerOf(request).principal;
    const accountType = connection === localConnection ? 'local' : 'sso';
    return sendJson(reply, 200, JSON.stringify({ userName: username, accountType, roles }));
  });
}
