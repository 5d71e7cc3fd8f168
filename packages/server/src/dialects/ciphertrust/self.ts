/** What callers may see and change of themselves. @module */
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { listOwnDomains } from '../../operations/manage-domains.ts';
import { changeOwnUser, getOwnUser } from '../../operations/manage-own-user.ts';
import { callerOf } from './caller.ts';
import { domainItem } from './domains.ts';
import { flag, range } from './fields.ts';
import { accountFieldsOf, ownUserSchema } from './user-fields.ts';
import { userItem } from './user-item.ts';
import { listRange, pageText } from './wire.ts';

const detail = Type.Object({ return_groups: Type.Optional(flag()) });

export function addSelfRoutes(app: App, core: Core): void {
  const tags = ['self'];
  for (const path of ['/auth/self/user', '/usermgmt/users/self']) {
    const schema = { querystring: detail, tags, summary: "Reads the caller's user" };
    app.get(path, { schema }, async (request, reply) => {
      const caller = callerOf(request);
      const account = await getOwnUser(core, caller);
      const shown = request.query.return_groups === true ? 'with groups' : 'without groups';
      return sendJson(reply, 200, JSON.stringify(userItem(account, caller, shown)));
    });
  }
  const change = { body: ownUserSchema, tags, summary: "Changes the caller's user" };
  app.patch('/auth/self/user', { schema: change }, async (request, reply) => {
    const caller = callerOf(request);
    const account = await changeOwnUser(core, caller, accountFieldsOf(request.body));
    return sendJson(reply, 200, JSON.stringify(userItem(account, caller, 'without groups')));
  });
  const list = { querystring: Type.Object(range), tags, summary: 'Lists the domains the caller may enter' };
  app.get('/auth/self/domains', { schema: list }, async (request, reply) => {
    const asked = listRange(request.query);
    return sendJson(
      reply,
      200,
      pageText(asked, await listOwnDomains(core, callerOf(request), asked), domainItem),
    );
  });
}
