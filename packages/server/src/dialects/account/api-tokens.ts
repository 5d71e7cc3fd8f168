/** `/account/v1/api-tokens`: named tokens for programs. @module */
import type { ApiTokenRules } from '../../domain/api-token.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { text, whole, word } from '../../http/strict-fields.ts';
import type { AccessTokenFormat } from '../../operations/access-token.ts';
import type { Core } from '../../operations/core.ts';
import { generateApiToken } from '../../operations/generate-api-token.ts';
import {
  getApiToken,
  listApiTokens,
  revokeApiToken,
  type SeenApiToken,
} from '../../operations/manage-api-tokens.ts';
import { answers } from './answers.ts';
import { callerOf } from './caller.ts';
import { noContent } from './describe-routes.ts';
import { wireInstant } from './instants.ts';
import { cutPage, pageFields, readPage } from './paging.ts';

export interface ApiTokenOptions {
  readonly format: AccessTokenFormat;
  readonly rules: ApiTokenRules;
}

const wish = Type.Object({
  name: text({ description: '1 to 100 characters; unique among your live tokens.' }),
  validityDays: Type.Optional(whole({ description: 'Whole days from 1; no end if absent.' })),
});

const query = Type.Object({
  ...pageFields,
  state: Type.Optional(word(['live', 'expired', 'revoked', 'reused', 'suspended'])),
  user: Type.Optional(text({ description: 'For administrators: whose, by id or name; your own if absent.' })),
});

const idParam = Type.Object({ id: text() });

export function addApiTokenRoutes(app: App, core: Core, { format, rules }: ApiTokenOptions): void {
  const tags = ['api tokens'];
  const path = '/api-tokens';

  const generate = {
    body: wish,
    tags,
    summary: 'Generates an API token; its values are shown this once',
    response: answers.generated,
  };
  app.post(path, { schema: generate }, async (request, reply) => {
    const { name: written, validityDays = null } = request.body;
    const asked = { format, rules, name: written, validityDays };
    const { name, expiresAtMs, grant } = await generateApiToken(core, callerOf(request), asked);
    const { session, accessToken, refreshToken, refreshExpiresInSeconds, atMs } = grant;
    reply.header('location', `/account/v1${path}/${session.id}`);
    const answer = {
      id: session.id,
      name,
      createdAt: wireInstant(session.createdAtMs),
      expiresAt: wireInstant(expiresAtMs),
      accessToken: accessToken.text,
      refreshToken,
      tokenType: 'Bearer',
      expiresIn: (accessToken.expiresAtSeconds ?? 0) - Math.floor(atMs / 1000),
      refreshExpiresIn: refreshExpiresInSeconds,
    };
    return sendJson(reply, 201, JSON.stringify(answer));
  });

  const list = {
    querystring: query,
    tags,
    summary: 'Lists API tokens, newest first, never their values',
    response: answers.apiTokens,
  };
  app.get(path, { schema: list }, async (request, reply) => {
    const { state = null, user = null } = request.query;
    const page = readPage(request.query);
    const found = await listApiTokens(core, callerOf(request), { user, state, ...page });
    const { rows, nextCursor } = cutPage(found, page, ({ id }) => id);
    return sendJson(reply, 200, JSON.stringify({ apiTokens: rows.map(itemOf), nextCursor }));
  });

  const look = {
    params: idParam,
    tags,
    summary: 'One API token, without its values',
    response: answers.apiToken,
  };
  app.get(`${path}/:id`, { schema: look }, async (request, reply) => {
    const found = await getApiToken(core, callerOf(request), request.params.id);
    return sendJson(reply, 200, JSON.stringify(itemOf(found)));
  });

  const revoke = { params: idParam, tags, summary: 'Revokes an API token', response: noContent };
  app.delete(`${path}/:id`, { schema: revoke }, async (request, reply) => {
    await revokeApiToken(core, callerOf(request), request.params.id);
    return sendNothing(reply);
  });
}

function itemOf(token: SeenApiToken): object {
  return {
    id: token.id,
    name: token.name,
    createdAt: wireInstant(token.createdAtMs),
    expiresAt: wireInstant(token.expiresAtMs),
    lastUsedAt: wireInstant(token.lastUsedAtMs),
    lastUsedAddress: token.lastUsedFrom,
    state: token.state,
    current: token.current,
  };
}
