/** `POST /guard/v1/introspect` and `GET /guard/v1/tenants/{id}`: what only the server knows at this moment. @module */
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { Type } from '../../http/schema.ts';
import { opaque, text } from '../../http/strict-fields.ts';
import type { FormatSet } from '../../operations/authenticate-at-any.ts';
import type { Core } from '../../operations/core.ts';
import { type Introspection, introspect, isTenantOf } from '../../operations/introspect.ts';

const question = Type.Object({
  token: opaque({ description: 'An access token of any interface.' }),
  domain: Type.Optional(
    text({ description: 'With a version 3 token without scope: the domain to act in, by name.' }),
  ),
  tenantId: Type.Optional(text({ description: 'The same for the tenant.' })),
  address: Type.Optional(text({ description: 'Where the token came from; the guard itself if absent.' })),
});

const membership = Type.Object({ domain: text({ description: 'By name.' }) });

export function addIntrospectionRoutes(app: App, core: Core, formats: readonly FormatSet[]): void {
  const ask = { body: question, summary: 'Tells whether a token counts now, and what its bearer holds' };
  app.post('/introspect', { schema: ask }, async (request, reply) => {
    const { token, domain = null, tenantId = null, address = originOf(request).address } = request.body;
    const wanted =
      domain === null && tenantId === null ? null : { domain, tenantId: tenantId?.toLowerCase() ?? null };
    const answer = await introspect(core, formats, { token, wanted, address });
    return sendJson(reply, 200, JSON.stringify(wireAnswer(answer)));
  });

  const look = {
    querystring: membership,
    summary: 'Tells whether a tenant is part of a domain, both enabled',
  };
  app.get('/tenants/:id', { schema: look }, async (request, reply) => {
    const { id } = request.params as { id: string };
    const member = await isTenantOf(core, request.query.domain, id.toLowerCase());
    return sendJson(reply, 200, JSON.stringify({ member }));
  });
}

/** The members of RFC 7662 §2.2 under their names, ours beside them. */
function wireAnswer(answer: Introspection): object {
  switch (answer.kind) {
    case 'inactive':
      return { active: false };
    case 'expired':
      return { active: false, expired: true };
    case 'not_permitted':
      return { active: true, permitted: false };
    case 'active': {
      const { principal, expiresAtSeconds: exp } = answer;
      return {
        active: true,
        permitted: true,
        sub: principal.userId,
        username: principal.username,
        exp,
        sid: principal.sessionId,
        type: principal.tokenKind,
        domain: principal.domainName,
        tenantId: principal.tenantId,
        roles: principal.roles,
      };
    }
  }
}
