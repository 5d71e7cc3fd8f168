/** `/auth/tokens` as a list: which refresh tokens there are, never their texts. @module */
import type { Static } from 'typebox';
import { rootDomainId } from '../../domain/ids.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { deleteSession } from '../../operations/delete-session.ts';
import {
  getSession,
  listSessions,
  type SeenSession,
  type SessionQuery,
} from '../../operations/list-sessions.ts';
import { callerOf } from './caller.ts';
import { flag, range, text, texts } from './fields.ts';
import { readInstantOrAge } from './instants.ts';
import { wrong } from './reader.ts';
import { listRange, pageText, readUserId, wireTime, wireTimeOrNull, wireUserId } from './wire.ts';

const tokenFilter = Type.Object({
  ...range,
  user_id: Type.Optional(text({ description: '`local|<uuid>`' })),
  labels: Type.Optional(texts({ description: 'Carrying all of these, separated by commas.' })),
  expired: Type.Optional(flag({ description: 'Also the expired ones.' })),
  revoked: Type.Optional(flag({ description: 'Also the revoked ones.' })),
  refreshed_before: Type.Optional(text({ description: 'RFC 3339, or an age such as `-1Y-2M-5D`.' })),
});
const tokenPath = Type.Object({ id: text() });

export function addTokenListRoutes(app: App, core: Core): void {
  const tags = ['tokens'];
  const list = { querystring: tokenFilter, tags, summary: 'Lists refresh tokens' };
  app.get('/auth/tokens', { schema: list }, async (request, reply) => {
    const query = queryOf(request.query, core.clock());
    const page = await listSessions(core, callerOf(request), query);
    return sendJson(reply, 200, pageText(query, page, tokenItem));
  });
  const read = { params: tokenPath, tags, summary: 'Reads what is known of a refresh token' };
  app.get('/auth/tokens/:id', { schema: read }, async (request, reply) => {
    const seen = await getSession(core, callerOf(request), request.params.id);
    return sendJson(reply, 200, JSON.stringify(tokenItem(seen)));
  });
  const remove = { params: tokenPath, tags, summary: 'Deletes a refresh token' };
  app.delete('/auth/tokens/:id', { schema: remove }, async (request, reply) => {
    await deleteSession(core, callerOf(request), request.params.id);
    return sendNothing(reply);
  });
}

function queryOf(filter: Static<typeof tokenFilter>, nowMs: number): SessionQuery {
  const { user_id: user, refreshed_before: before } = filter;
  const userId = user === undefined ? null : readUserId(user);
  if (user !== undefined && userId === null) throw wrong('user_id', 'must be a user id such as local|<uuid>');
  return {
    userId,
    labels: filter.labels ?? [],
    ended: filter.revoked === true ? 'show' : 'hide',
    expired: filter.expired === true ? 'show' : 'hide',
    notRefreshedSinceMs: before === undefined ? null : readInstantOrAge(before, 'refreshed_before', nowMs),
    ...listRange(filter),
  };
}

function tokenItem({ session, connection, expiresAtMs, state }: SeenSession): object {
  const { idleSeconds } = session.lifetimes;
  const { createdAtMs, refreshedAtMs, endedAtMs } = session;
  return {
    id: session.id,
    client_id: session.id,
    user_id: wireUserId({ connection, userId: session.userId }),
    domain_id: session.domainId ?? rootDomainId,
    labels: session.labels,
    createdAt: wireTime(createdAtMs),
    updatedAt: wireTime(endedAtMs ?? refreshedAtMs ?? createdAtMs),
    lastRefreshedAt: wireTimeOrNull(refreshedAtMs),
    expiresAt: wireTimeOrNull(expiresAtMs),
    revoke_unused_in: idleSeconds === null ? null : Math.floor(idleSeconds / 60),
    expired: state === 'expired',
    revoked: state === 'ended',
    revokedAt: wireTimeOrNull(endedAtMs),
    createdFrom: session.createdFrom,
  };
}
