/** `/domains`. @module */
import type { UserId } from '../../domain/ids.ts';
import type { Domain } from '../../domain/tenancy.ts';
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { createDomain, listDomains } from '../../operations/manage-domains.ts';
import { callerOf } from './caller.ts';
import { flag, range, text, texts } from './fields.ts';
import { wrong } from './reader.ts';
import { listRange, pageText, readUserId, wireTime } from './wire.ts';

const newDomain = Type.Object({
  name: text(),
  admins: texts({ description: 'Ids of the users who administer it.' }),
  allow_user_management: Type.Optional(flag()),
});

export function addDomainRoutes(app: App, core: Core): void {
  const tags = ['domains'];
  app.post(
    '/domains',
    { schema: { body: newDomain, tags, summary: 'Creates a domain' } },
    async (request, reply) => {
      const { name, admins, allow_user_management: allow } = request.body;
      const domain = await createDomain(core, callerOf(request), {
        name,
        admins: admins.map(requireAdmin),
        ...(allow === undefined ? {} : { allowUserManagement: allow }),
      });
      return sendJson(reply, 201, JSON.stringify(domainItem(domain)));
    },
  );
  const list = { querystring: Type.Object(range), tags, summary: 'Lists domains' };
  app.get('/domains', { schema: list }, async (request, reply) => {
    const asked = listRange(request.query);
    return sendJson(
      reply,
      200,
      pageText(asked, await listDomains(core, callerOf(request), asked), domainItem),
    );
  });
}

function requireAdmin(text: string): UserId {
  const id = readUserId(text);
  if (id === null) throw wrong('admins', 'must be user ids such as local|<uuid>');
  return id;
}

export function domainItem(domain: Domain): object {
  return {
    id: domain.id,
    name: domain.name,
    allow_user_management: domain.allowUserManagement,
    created_at: wireTime(domain.createdAtMs),
    updated_at: wireTime(domain.updatedAtMs),
  };
}
