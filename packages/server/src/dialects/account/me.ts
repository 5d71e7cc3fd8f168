/** `GET /account/v1/me`: who the credential speaks for. @module */
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import type { Core } from '../../operations/core.ts';
import { describeCaller } from '../../operations/describe-caller.ts';
import { callerOf } from './caller.ts';
import { wireTimeOrNull } from './times.ts';

export function addMeRoute(app: App, core: Core): void {
  const schema = { tags: ['account'], summary: 'Tells whose credential this is' };
  app.get('/me', { schema }, async (request, reply) => {
    const { username, accountType, roles, kind, name, expiresAtMs } = await describeCaller(
      core,
      callerOf(request),
    );
    const session = { kind, name, expiresAt: wireTimeOrNull(expiresAtMs) };
    return sendJson(reply, 200, JSON.stringify({ userName: username, accountType, roles, session }));
  });
}
