/** `/v1/token`: one token, renewed and rescoped by itself until it expires. @module */

import type { FastifyRequest } from 'fastify';
import type { User } from '../../domain/user.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { Type } from '../../http/schema.ts';
import { text, whole } from '../../http/strict-fields.ts';
import { missing } from '../../http/strict-reader.ts';
import type { VerifiedClaims } from '../../operations/access-token.ts';
import type { Core } from '../../operations/core.ts';
import { type AutoScope, enterAutoScope, enterScope } from '../../operations/enter-scope.ts';
import { extendToken, type PresentedHere, rescopeToken } from '../../operations/extend-token.ts';
import type { Grant } from '../../operations/grant.ts';
import { inspectToken } from '../../operations/inspect-token.ts';
import type { PresentedToken } from '../../operations/present-token.ts';
import { allFormats, v1Format } from './claims.ts';
import { credentialFields } from './credentials.ts';
import { wireDatetime } from './datetimes.ts';
import { requireToken } from './headers.ts';
import type { NebularOptions } from './options.ts';
import { signInBy } from './sign-in.ts';
import { readTarget, scopeNamed, targetFields } from './targets.ts';
import { factsOf, scopeMembers, sendAnswer, zoneOf } from './token-answer.ts';

const usualSeconds = 3_600;
const leastSeconds = 60;

/** The role that makes a tenant the one its holder is led to. */
const tenantRole = 'Customer';

const signInFields = {
  username: text(),
  ...credentialFields,
  user_domain: Type.Optional(text({ description: 'Domain the user lives in; `domain` if absent.' })),
  domain: Type.Optional(text({ description: 'Domain the token is for.' })),
  tenant_id: Type.Optional(text({ description: 'Tenant the token is for.' })),
  method: Type.Optional(text()),
};

export function addV1TokenRoutes(app: App, core: Core, options: NebularOptions): void {
  const tags = ['tokens'];
  const expiry = whole({
    minimum: leastSeconds,
    maximum: options.v1MaximumSeconds,
    description: `Seconds the token lives; ${usualSeconds} if absent.`,
  });
  const body = Type.Object({ ...signInFields, expires_in: Type.Optional(expiry) });
  app.post(
    '/token',
    { schema: { body, tags, summary: 'Creates a token by password' } },
    async (request, reply) => {
      const asked = request.body;
      const home = asked.user_domain ?? asked.domain;
      if (home === undefined) throw missing('user_domain');
      const seconds = asked.expires_in ?? Math.min(usualSeconds, options.v1MaximumSeconds);
      const grant = await signInBy(core, options, request, asked, {
        home,
        format: v1Format,
        secondFactor: 'demanded',
        enter: (_, user) => enter(core, user, asked),
        open: {
          kind: 'access',
          purpose: 'interactive',
          tokenKind: 'standard',
          rotation: 'on-expiry',
          lifetimes: { absoluteSeconds: seconds, idleSeconds: null },
          labels: [],
          slot: null,
        },
      });
      const { defaultTenantId } = grant.entered;
      const more = defaultTenantId === null ? {} : { default_tenant_id: defaultTenantId };
      return sendAnswer(reply, { ...answerOf(grant, request), ...more });
    },
  );

  const rescope = {
    body: Type.Object(targetFields),
    tags,
    summary: 'Trades a token for one of another scope',
  };
  app.patch('/token', { schema: rescope }, async (request, reply) => {
    const scope = readTarget(request.body);
    const grant = await rescopeToken(core, presentedHere(request), scope);
    return sendAnswer(reply, answerOf(grant, request));
  });

  app.put(
    '/token',
    { schema: { tags, summary: 'Renews a token before it expires' } },
    async (request, reply) => {
      const grant = await extendToken(core, presentedHere(request));
      return sendAnswer(reply, answerOf(grant, request));
    },
  );

  app.get('/token', { schema: { tags, summary: 'What the token says' } }, async (request, reply) => {
    const claims = await inspectToken(core, presented(request));
    return sendAnswer(reply, contextOf(claims, request));
  });
}

interface Wanted {
  readonly user_domain?: string;
  readonly domain?: string;
  readonly tenant_id?: string;
}

async function enter(core: Core, user: User, wanted: Wanted): Promise<AutoScope> {
  const { user_domain: home, domain, tenant_id: tenantId } = wanted;
  if (tenantId === undefined && (home === undefined || domain === undefined))
    return await enterAutoScope(core, user, {
      first: home === undefined ? 'home' : 'nowhere',
      role: tenantRole,
    });
  const scope = scopeNamed(domain ?? null, tenantId ?? null);
  return { holder: await enterScope(core, user.id, scope), defaultTenantId: null };
}

function presented(request: FastifyRequest): PresentedToken {
  return { accessToken: requireToken(request), format: v1Format, formats: allFormats };
}

function presentedHere(request: FastifyRequest): PresentedHere {
  return { ...presented(request), address: originOf(request).address };
}

function answerOf(grant: Grant, request: FastifyRequest): object {
  const { user_id, username, ...facts } = factsOf(grant, request);
  const { text: token, expiresAtSeconds } = grant.accessToken;
  const user_domain = grant.holder.homeDomainName;
  return { token, user_id, username, user_domain, ...facts, exp: expiresAtSeconds };
}

/** As the claims have it, whatever has changed since. */
function contextOf(claims: VerifiedClaims, request: FastifyRequest): object {
  const { user_id, username, user_domain, domain, tenant_id, roles, exp, iat } = claims;
  return {
    user_id,
    username,
    user_domain,
    ...scopeMembers((domain as string | undefined) ?? null, (tenant_id as string | undefined) ?? null),
    roles,
    exp,
    creation_time: wireDatetime((iat ?? 0) * 1000, zoneOf(request)),
  };
}
