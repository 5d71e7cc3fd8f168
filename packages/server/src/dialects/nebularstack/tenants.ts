/** `/v1/tenants`, `/v1/tenant`: tenants, as administrators manage them and users choose among them. @module */
import type { FastifyRequest } from 'fastify';
import type { TenantProperty } from '../../domain/listing.ts';
import type { NamedTenant } from '../../domain/tenancy.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { flag, text } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import {
  changeTenant,
  createTenant,
  deleteTenant,
  getTenant,
  listTenants,
} from '../../operations/tenancy-tenants.ts';
import { callerOf } from './caller.ts';
import { wireDatetime } from './datetimes.ts';
import { filterField, type Properties, pageFields, readListQuery, sendList } from './paging.ts';
import { lowerId } from './targets.ts';
import { zoneOf } from './token-answer.ts';

const properties: Properties<TenantProperty> = { id: 'id', name: 'name', tenantname: 'name' };

const tenantFilter = Type.Object({
  ...pageFields,
  id: filterField(),
  name: filterField(),
  tenantname: filterField(),
});

const newTenant = Type.Object({
  name: text(),
  domain: Type.Optional(text({ description: 'That of the token if absent.' })),
  enabled: Type.Optional(flag()),
});

const tenantChanges = Type.Object({ name: Type.Optional(text()), enabled: Type.Optional(flag()) });
const tenantPath = Type.Object({ tenant_id: text() });

export function addTenantRoutes(app: App, core: Core): void {
  const tags = ['tenants'];
  app.get(
    '/tenants',
    { schema: { querystring: tenantFilter, tags, summary: 'Lists tenants' } },
    async (request, reply) => {
      const query = readListQuery(request.query, properties);
      const list = listTenants(core, callerOf(request), query);
      return sendList(reply, request.query, list, itemFor(request));
    },
  );
  app.post(
    '/tenant',
    { schema: { body: newTenant, tags, summary: 'Creates a tenant' } },
    async (request, reply) => {
      const { name, domain = null, enabled = true } = request.body;
      const tenant = await createTenant(core, callerOf(request), { name, domain, enabled });
      return sendJson(reply, 200, JSON.stringify(itemFor(request)(tenant)));
    },
  );
  const one = '/tenant/:tenant_id';
  const about = (summary: string) => ({ schema: { params: tenantPath, tags, summary } });
  app.get(one, about('Reads a tenant'), async (request, reply) => {
    const tenant = await getTenant(core, callerOf(request), lowerId(request.params.tenant_id));
    return sendJson(reply, 200, JSON.stringify(itemFor(request)(tenant)));
  });
  const change = { params: tenantPath, body: tenantChanges, tags, summary: 'Changes a tenant' };
  app.patch(one, { schema: change }, async (request, reply) => {
    const id = lowerId(request.params.tenant_id);
    const tenant = await changeTenant(core, callerOf(request), id, request.body);
    return sendJson(reply, 200, JSON.stringify(itemFor(request)(tenant)));
  });
  app.delete(one, about('Deletes a tenant'), async (request, reply) => {
    await deleteTenant(core, callerOf(request), lowerId(request.params.tenant_id));
    return sendNothing(reply);
  });
}

function itemFor(request: FastifyRequest): (tenant: NamedTenant) => object {
  const zone = zoneOf(request);
  return ({ id, name, domainName, enabled, createdAtMs }) => ({
    id,
    name,
    domain: domainName,
    enabled,
    creation_time: wireDatetime(createdAtMs, zone),
  });
}
