/** `/account/v1/sessions`: every session of a user, whichever interface opened it. @module */
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { text, word } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import {
  endOneSession,
  endOtherSessions,
  listSessionsOfUser,
  type SeenUserSession,
} from '../../operations/manage-sessions.ts';
import { answers } from './answers.ts';
import { callerOf } from './caller.ts';
import { noContent } from './describe-routes.ts';
import { wireInstant } from './instants.ts';
import { cutPage, pageFields, readPage } from './paging.ts';

const whose = Type.Optional(
  text({ description: 'For administrators: whose, by id or name; your own if absent.' }),
);
const query = Type.Object({
  ...pageFields,
  user: whose,
  state: Type.Optional(word(['live', 'all'], { description: '`live` if absent.' })),
});
const others = Type.Object({
  user: whose,
  kind: Type.Optional(
    word(['sign-in', 'any'], { description: '`any` if absent: those of programs as well.' }),
  ),
});
const idParam = Type.Object({ id: text() });

export function addSessionRoutes(app: App, core: Core): void {
  const tags = ['sessions'];
  const list = {
    querystring: query,
    tags,
    summary: 'Lists sessions, newest first',
    response: answers.sessions,
  };
  app.get('/sessions', { schema: list }, async (request, reply) => {
    const { user = null, state = 'live' } = request.query;
    const page = readPage(request.query);
    const found = await listSessionsOfUser(core, callerOf(request), { user, state, ...page });
    const { rows, nextCursor } = cutPage(found, page, ({ session }) => session.id);
    return sendJson(reply, 200, JSON.stringify({ sessions: rows.map(itemOf), nextCursor }));
  });

  const endOne = { params: idParam, tags, summary: 'Ends a session', response: noContent };
  app.delete('/sessions/:id', { schema: endOne }, async (request, reply) => {
    await endOneSession(core, callerOf(request), request.params.id);
    return sendNothing(reply);
  });

  const endOthers = {
    querystring: others,
    tags,
    summary: 'Ends all sessions but this one',
    response: noContent,
  };
  app.delete('/sessions', { schema: endOthers }, async (request, reply) => {
    const { user = null, kind = 'any' } = request.query;
    const purpose = kind === 'any' ? 'any' : 'interactive';
    await endOtherSessions(core, callerOf(request), { user, purpose });
    return sendNothing(reply);
  });
}

function itemOf({ session, kind, label, expiresAtMs, state, current }: SeenUserSession): object {
  return {
    id: session.id,
    kind,
    interface: session.face,
    client: session.client,
    label,
    createdAt: wireInstant(session.createdAtMs),
    createdFrom: session.createdFrom,
    lastUsedAt: wireInstant(session.refreshedAtMs),
    lastUsedAddress: session.usedFrom,
    expiresAt: wireInstant(expiresAtMs),
    state,
    current,
  };
}
