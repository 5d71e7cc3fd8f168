/** `POST /aapi/basic`: a guard asks whether a user name and a password are good (HTTP Basic). @module */
import { refuse } from '../../domain/problem.ts';
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { Type } from '../../http/schema.ts';
import { opaque, text } from '../../http/strict-fields.ts';
import { checkBasic } from '../../operations/check-basic.ts';
import type { Core } from '../../operations/core.ts';
import type { NectarOptions } from './options.ts';

const credential = Type.Object({
  userName: opaque(),
  password: opaque(),
  domain: Type.Optional(text({ description: 'Domain the account lives in; `root` if absent.' })),
});

/** The address that failures are counted under is the caller's own, unless the guard is a proxy that the server trusts. */
export function addBasicRoute(app: App, core: Core, { basic }: Pick<NectarOptions, 'basic'>): void {
  const schema = {
    body: credential,
    tags: ['api tokens'],
    summary: 'Checks a user name and a password; opens no session',
  };
  app.post('/basic', { schema }, async (request, reply) => {
    if (basic === 'off') throw refuse('wrong_credentials', 'basic_off');
    const { userName: username, password, domain = null } = request.body;
    const user = await checkBasic(core, { domain, username, password }, originOf(request));
    const answer = { userName: user.username, userId: user.userId, roles: user.roles };
    return sendJson(reply, 200, JSON.stringify(answer));
  });
}
