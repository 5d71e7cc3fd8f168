/** `/v1/access`: where the caller may go. @module */

import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { listAccess } from '../../operations/tenancy-access.ts';
import { callerOf } from './caller.ts';
import { pageFields, sendList } from './paging.ts';

const page = Type.Object(pageFields);

export function addAccessRoute(app: App, core: Core): void {
  const summary = 'Lists the domains and tenants that the caller may have a token for';
  app.get('/access', { schema: { querystring: page, tags: ['tokens'], summary } }, async (request, reply) => {
    const list = await listAccess(core, callerOf(request));
    return sendList(reply, request.query, list, ({ domain, tenantId, tenantName, roles }) => ({
      domain,
      tenant_id: tenantId,
      tenant_name: tenantName,
      roles,
    }));
  });
}
