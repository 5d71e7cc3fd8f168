/** `/v1/user/{user_id}/assignment`: roles given everywhere, in a domain, in a tenant; and the roles there are. @module */
import type { HeldRole } from '../../domain/tenancy.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { text } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import {
  giveRole,
  listAssignments,
  type NamedAssignment,
  takeRole,
} from '../../operations/tenancy-assignments.ts';
import { listAssignableRoles } from '../../operations/tenancy-roles.ts';
import { callerOf } from './caller.ts';
import { pageFields, sendList } from './paging.ts';
import { lowerId, scopeNamed } from './targets.ts';

const page = Type.Object(pageFields);
const userPath = Type.Object({ user_id: text() });
const nothing = '`none`: no domain, no tenant.';

/** A role everywhere, in a domain, in a tenant: each form has one member more than the one before. */
const globally = Type.Object({ user_id: text(), role: text() });
const inDomain = Type.Object({ user_id: text(), role: text(), domain: text({ description: nothing }) });
const inTenant = Type.Object({
  user_id: text(),
  role: text(),
  domain: text({ description: nothing }),
  tenant_id: text({ description: nothing }),
});

const forms = [
  { path: '/user/:user_id/assignment/:role', params: globally },
  { path: '/user/:user_id/assignment/:role/:domain', params: inDomain },
  { path: '/user/:user_id/assignment/:role/:domain/:tenant_id', params: inTenant },
];

export function addAssignmentRoutes(app: App, core: Core): void {
  const tags = ['assignments'];
  app.get(
    '/user/:user_id/assignments',
    { schema: { params: userPath, querystring: page, tags, summary: 'Lists what roles a user holds' } },
    async (request, reply) => {
      const list = await listAssignments(core, callerOf(request), lowerId(request.params.user_id));
      return sendList(reply, request.query, list, assignmentItem);
    },
  );
  for (const { path, params } of forms) {
    app.post(path, { schema: { params, tags, summary: 'Gives a role' } }, async (request, reply) => {
      const held = await giveRole(core, callerOf(request), readAssignment(request.params));
      return sendJson(reply, 200, JSON.stringify(assignmentItem(held)));
    });
    app.delete(path, { schema: { params, tags, summary: 'Takes a role away' } }, async (request, reply) => {
      await takeRole(core, callerOf(request), readAssignment(request.params));
      return sendNothing(reply);
    });
  }
  app.get(
    '/roles',
    { schema: { querystring: page, tags, summary: 'Lists the roles there are' } },
    async (request, reply) => {
      const list = listAssignableRoles(core, callerOf(request));
      return sendList(reply, request.query, list, ({ name, description }) => ({ name, description }));
    },
  );
}

interface WrittenAssignment {
  readonly user_id: string;
  readonly role: string;
  readonly domain?: string;
  readonly tenant_id?: string;
}

function readAssignment({
  user_id: id,
  role,
  domain,
  tenant_id: tenant,
}: WrittenAssignment): NamedAssignment {
  return { userId: lowerId(id), role, target: scopeNamed(orNone(domain), orNone(tenant)) };
}

function orNone(written: string | undefined): string | null {
  return written === undefined || written === 'none' || written === 'None' ? null : written;
}

function assignmentItem({ role, domainName, tenantId }: HeldRole): object {
  return { role, domain: domainName, tenant_id: tenantId };
}
