/** `/v1/domains`, `/v1/domain`: domains, as administrators manage them and users choose among them. @module */
import type { FastifyRequest } from 'fastify';
import type { DomainProperty } from '../../domain/listing.ts';
import type { Domain } from '../../domain/tenancy.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { flag, text } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import {
  changeDomain,
  createDomain,
  deleteDomain,
  getDomain,
  listDomains,
} from '../../operations/tenancy-domains.ts';
import { callerOf } from './caller.ts';
import { wireDatetime } from './datetimes.ts';
import { filterField, type Properties, pageFields, readListQuery, sendList } from './paging.ts';
import { zoneOf } from './token-answer.ts';

const properties: Properties<DomainProperty> = { id: 'id', name: 'name' };

const domainFilter = Type.Object({ ...pageFields, id: filterField(), name: filterField() });
const newDomain = Type.Object({ name: text(), enabled: Type.Optional(flag()) });
const domainChanges = Type.Object({ name: Type.Optional(text()), enabled: Type.Optional(flag()) });
const domainPath = Type.Object({ domain: text() });

export function addDomainRoutes(app: App, core: Core): void {
  const tags = ['domains'];
  app.get(
    '/domains',
    { schema: { querystring: domainFilter, tags, summary: 'Lists domains' } },
    async (request, reply) => {
      const query = readListQuery(request.query, properties);
      const list = listDomains(core, callerOf(request), query);
      return sendList(reply, request.query, list, itemFor(request));
    },
  );
  app.post(
    '/domain',
    { schema: { body: newDomain, tags, summary: 'Creates a domain' } },
    async (request, reply) => {
      const { name, enabled = true } = request.body;
      const domain = await createDomain(core, callerOf(request), { name, enabled });
      return sendJson(reply, 200, JSON.stringify(itemFor(request)(domain)));
    },
  );
  const one = '/domain/:domain';
  const about = (summary: string) => ({ schema: { params: domainPath, tags, summary } });
  app.get(one, about('Reads a domain'), async (request, reply) => {
    const domain = await getDomain(core, callerOf(request), request.params.domain);
    return sendJson(reply, 200, JSON.stringify(itemFor(request)(domain)));
  });
  const change = { params: domainPath, body: domainChanges, tags, summary: 'Changes a domain' };
  app.patch(one, { schema: change }, async (request, reply) => {
    const domain = await changeDomain(core, callerOf(request), request.params.domain, request.body);
    return sendJson(reply, 200, JSON.stringify(itemFor(request)(domain)));
  });
  app.delete(one, about('Deletes a domain'), async (request, reply) => {
    await deleteDomain(core, callerOf(request), request.params.domain);
    return sendNothing(reply);
  });
}

function itemFor(request: FastifyRequest): (domain: Domain) => object {
  const zone = zoneOf(request);
  return ({ id, name, enabled, createdAtMs }) => ({
    id,
    name,
    enabled,
    creation_time: wireDatetime(createdAtMs, zone),
  });
}
