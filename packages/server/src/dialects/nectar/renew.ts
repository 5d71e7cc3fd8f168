/** `POST /aapi/jwt/token/renew`: a pair of tokens for the next. @module */
import { readBearerToken, readSingleHeader } from '@tessera/guard';
import type { FastifyRequest } from 'fastify';
import { sendAsciiJson } from '../../http/answer.ts';
import { authorizationsOf } from '../../http/authorization-header.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { sendRefusal } from '../../http/refuse-request.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { rotatePair, type ShownPair } from '../../operations/rotate-pair.ts';
import type { NectarFormats } from './claims.ts';
import { wordRefusal } from './errors.ts';
import { pairText } from './pair-text.ts';

const path = '/jwt/token/renew';
const otherMethods = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** For `/openapi.json`; what is read is read by hand. */
const described = Type.Object({
  'x-refresh-token': Type.String({ description: 'Of the same pair as the access token, or newer.' }),
});
const nextPair = Type.Object(
  {
    accessToken: Type.String(),
    refreshToken: Type.String(),
    tokenType: Type.String(),
    expiresIn: Type.Integer({ description: 'Seconds the access token lives.' }),
    refreshExpiresIn: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: 'Seconds the refresh token lives unless it is renewed; null: no end.',
    }),
  },
  { description: 'The next pair, or the same again whose answer was lost.' },
);

/** What the operator's numbers count. */
export interface RenewalCounters {
  renewed: number;
}

export function addRenewRoute(
  app: App,
  core: Core,
  { renewal: format }: NectarFormats,
  counters: RenewalCounters,
): void {
  const schema = {
    tags: ['api tokens'],
    summary: 'Renews a pair; a body is ignored',
    security: [{ bearer: [] }],
    headers: described,
    response: { 200: nextPair },
  };
  app.post(path, { schema }, async (request, reply) => {
    const shown = { pair: readPair(request), origin: originOf(request) };
    const grant = await rotatePair(core, format, shown);
    counters.renewed++;
    return sendAsciiJson(reply, 200, pairText(grant));
  });
  app.route({
    method: otherMethods,
    url: path,
    schema: { hide: true },
    handler: async (request, reply) => {
      return sendRefusal({ kind: 'method_not_allowed', allow: 'POST' }, request, reply, wordRefusal);
    },
  });
}

/** Exactly one of each header, neither empty; null: they are not so. */
function readPair(request: FastifyRequest): ShownPair | null {
  const bearer = readBearerToken(authorizationsOf(request));
  const refresh = readSingleHeader(request.raw.rawHeaders, 'X-Refresh-Token');
  if (bearer.kind !== 'token' || refresh.kind !== 'value') return null;
  return { accessToken: bearer.token, refreshToken: refresh.value };
}
