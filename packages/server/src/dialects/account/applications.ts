/** `/account/v1/applications`: programs whose tokens are registered here. For administrators who signed in. @module */
import type { Application } from '../../domain/application.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { opaque, text } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  rotateApplicationCredential,
  rotateApplicationKey,
  type ShownApplication,
} from '../../operations/manage-applications.ts';
import { callerOf } from './caller.ts';
import { noContent } from './describe-routes.ts';
import { instantOrNull } from './instants.ts';
import { cutPage, pageFields, readPage } from './paging.ts';

const newApplication = Type.Object({
  name: text({ description: 'Unique without regard to letter case.' }),
  issuer: Type.Optional(text({ description: '`iss` of its tokens; `poshud.com` if absent.' })),
  audience: Type.Optional(text({ description: '`aud` of its tokens; `UniversalDashboard` if absent.' })),
  signingKey: Type.Optional(
    opaque({ description: 'The shared key; one is made if absent, and shown once.' }),
  ),
});

const rotation = Type.Object({
  keepPreviousUntil: Type.Optional(
    text({ description: 'Until when tokens of earlier keys are taken, ISO 8601; no longer if absent.' }),
  ),
  signingKey: Type.Optional(opaque({ description: 'The new key; one is made if absent, and shown once.' })),
});

export function addApplicationRoutes(app: App, core: Core): void {
  const tags = ['applications'];
  const path = '/applications';

  const create = { body: newApplication, tags, summary: 'Registers an application' };
  app.post(path, { schema: create }, async (request, reply) => {
    const { name, issuer = 'poshud.com', audience = 'UniversalDashboard', signingKey = null } = request.body;
    const shown = await createApplication(core, callerOf(request), { name, issuer, audience, signingKey });
    reply.header('location', `/account/v1/applications/${shown.application.id}`);
    return sendJson(reply, 201, JSON.stringify(shownItem(shown)));
  });

  const list = { querystring: Type.Object(pageFields), tags, summary: 'Lists applications by name' };
  app.get(path, { schema: list }, async (request, reply) => {
    const wish = readPage(request.query);
    const asked = { after: wish.after ?? '', limit: wish.limit + 1 };
    const found = await listApplications(core, callerOf(request), asked);
    const { rows, nextCursor } = cutPage(found, wish, ({ name }) => name);
    return sendJson(reply, 200, JSON.stringify({ applications: rows.map(item), nextCursor }));
  });

  const get = { tags, summary: 'Gets an application by its id or name' };
  app.get<{ Params: Named }>(`${path}/:id`, { schema: get }, async (request, reply) => {
    const found = await getApplication(core, callerOf(request), request.params.id);
    return sendJson(reply, 200, JSON.stringify(item(found)));
  });

  const remove = { tags, summary: 'Removes an application with its tokens', response: noContent };
  app.delete<{ Params: Named }>(`${path}/:id`, { schema: remove }, async (request, reply) => {
    await deleteApplication(core, callerOf(request), request.params.id);
    return sendNothing(reply);
  });

  const rotate = { body: rotation, tags, summary: 'Gives an application a new signing key' };
  app.post(`${path}/:id/rotate-key`, { schema: rotate }, async (request, reply) => {
    const { id } = request.params as Named;
    const { keepPreviousUntil, signingKey = null } = request.body;
    const until = instantOrNull('keepPreviousUntil', keepPreviousUntil);
    const asked = { signingKey, keepPreviousUntilMs: until };
    const shown = await rotateApplicationKey(core, callerOf(request), id, asked);
    const previousUntil = until === null ? null : new Date(until).toISOString();
    return sendJson(reply, 200, JSON.stringify({ ...shownItem(shown), previousUntil }));
  });

  const renew = { tags, summary: 'Gives the guards of an application a new credential' };
  app.post<{ Params: Named }>(`${path}/:id/rotate-credential`, { schema: renew }, async (request, reply) => {
    const shown = await rotateApplicationCredential(core, callerOf(request), request.params.id);
    return sendJson(reply, 200, JSON.stringify(shownItem(shown)));
  });
}

interface Named {
  readonly id: string;
}

function item({ id, name, issuer, audience, keyNumber, createdAtMs, updatedAtMs }: Application): object {
  const [createdAt, updatedAt] = [createdAtMs, updatedAtMs].map((ms) => new Date(ms).toISOString());
  return { id, name, issuer, audience, keyNumber, createdAt, updatedAt };
}

/** With what is never shown again. */
function shownItem({ application, signingKey, credential }: ShownApplication): object {
  return {
    ...item(application),
    ...(signingKey === null ? {} : { signingKey }),
    ...(credential === null ? {} : { credential: credential.reveal() }),
  };
}
