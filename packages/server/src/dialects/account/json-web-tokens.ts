/** `/account/v1/json-web-tokens`: tokens granted here for registered applications. Contract: docs/dialects/applications.md. @module */
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { list, members, text, word } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import { grantRegisteredToken } from '../../operations/grant-registered-token.ts';
import {
  type ListedToken,
  listRegisteredTokens,
  revokeRegisteredToken,
} from '../../operations/registered-tokens.ts';
import { callerOf } from './caller.ts';
import { noContent } from './describe-routes.ts';
import { instantOrNull, wireInstant } from './instants.ts';
import { cutPage, pageFields, readPage } from './paging.ts';

const grant = Type.Object({
  application: text({ description: 'Its name or id.' }),
  identity: Type.Optional(
    text({ description: "Whom it is for; the caller if absent. Others': administrators only." }),
  ),
  roles: Type.Optional(
    list(text(), { description: 'Of a caller who is no administrator, roles of their own.' }),
  ),
  expiry: Type.Optional(text({ description: 'ISO 8601; a year from now if absent.' })),
  payload: Type.Optional(members({ description: 'Further claims.' })),
  description: Type.Optional(text()),
});

const filter = Type.Object({
  application: Type.Optional(text({ description: 'Its name or id.' })),
  state: Type.Optional(word(['live', 'expired', 'revoked', 'suspended'])),
  ...pageFields,
});

export function addJsonWebTokenRoutes(app: App, core: Core): void {
  const tags = ['json web tokens'];
  const path = '/json-web-tokens';

  const create = { body: grant, tags, summary: 'Grants a token; its text is shown this once' };
  app.post(path, { schema: create }, async (request, reply) => {
    const { application, identity = null, roles = [], expiry, payload = {}, description = '' } = request.body;
    const expiresAtMs = instantOrNull('expiry', expiry);
    const asked = { application, identity, roles, expiresAtMs, payload, description };
    const { token, text: granted } = await grantRegisteredToken(core, callerOf(request), asked);
    const answer = { hash: token.key, token: granted, identity: token.identity, roles: token.roles };
    const createdAt = wireInstant(token.createdAtMs);
    const expiresAt = wireInstant(token.expiresAtMs);
    return sendJson(reply, 201, JSON.stringify({ ...answer, createdAt, expiresAt }));
  });

  const look = { querystring: filter, tags, summary: "Lists the caller's tokens; an administrator sees all" };
  app.get(path, { schema: look }, async (request, reply) => {
    const { application = null, state = null } = request.query;
    const wish = readPage(request.query);
    const asked = { application, state, before: wish.after, limit: wish.limit + 1 };
    const found = await listRegisteredTokens(core, callerOf(request), asked);
    const { rows, nextCursor } = cutPage(found, wish, ({ id }) => id);
    return sendJson(reply, 200, JSON.stringify({ tokens: rows.map(listedItem), nextCursor }));
  });

  const revoke = { tags, summary: 'Revokes a token', response: noContent };
  app.delete<{ Params: { hash: string } }>(`${path}/:hash`, { schema: revoke }, async (request, reply) => {
    await revokeRegisteredToken(core, callerOf(request), request.params.hash.toLowerCase());
    return sendNothing(reply);
  });
}

function listedItem(token: ListedToken): object {
  const { key, applicationName, identity, roles, description, state, deniedFromMs } = token;
  return {
    hash: key,
    application: applicationName,
    identity,
    roles,
    description,
    createdAt: wireInstant(token.createdAtMs),
    expiresAt: wireInstant(token.expiresAtMs),
    lastUsedAt: wireInstant(token.lastUsedAtMs),
    state,
    revokedAt: state === 'revoked' ? wireInstant(deniedFromMs) : null,
  };
}
