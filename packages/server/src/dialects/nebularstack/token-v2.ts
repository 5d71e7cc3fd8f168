/** `/v2/token`: an access token for an hour, and a refresh token that renews and rescopes it. @module */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { NamedScope } from '../../domain/tenancy.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { Type } from '../../http/schema.ts';
import { opaque, text, word } from '../../http/strict-fields.ts';
import { missing, wrong } from '../../http/strict-reader.ts';
import type { Core } from '../../operations/core.ts';
import { enterScope } from '../../operations/enter-scope.ts';
import type { Grant } from '../../operations/grant.ts';
import type { PresentedToken } from '../../operations/present-token.ts';
import { renewPair } from '../../operations/renew-pair.ts';
import { rescopeByPassword } from '../../operations/rescope-by-password.ts';
import { allFormats, v2Format } from './claims.ts';
import { credentialFields, readOtp, readPassword } from './credentials.ts';
import { readContext, requireToken } from './headers.ts';
import type { NebularOptions } from './options.ts';
import { signInBy } from './sign-in.ts';
import { readTarget, scopeNamed, targetFields } from './targets.ts';
import { factsOf, nameOf, sendAnswer } from './token-answer.ts';

const refreshIdleSeconds = 30 * 86_400;

const signInBody = Type.Object({
  username: text(),
  ...credentialFields,
  user_domain: Type.Optional(text({ description: 'Domain the user lives in; `domain` if absent.' })),
  domain: Type.Optional(text({ description: 'Domain the token is for.' })),
  tenant_id: Type.Optional(text({ description: 'Tenant the token is for.' })),
  type: Type.Optional(word(['standard', 'minimal'], { description: '`standard` if absent.' })),
  method: Type.Optional(text()),
});

const rescopeBody = Type.Object({
  ...targetFields,
  ...credentialFields,
  refresh_token: Type.Optional(opaque()),
});

const renewBody = Type.Object({ refresh_token: opaque() });

export function addV2TokenRoutes(app: App, core: Core, options: NebularOptions): void {
  const tags = ['tokens'];
  const create = { body: signInBody, tags, summary: 'Creates a pair of tokens by password' };
  app.post('/token', { schema: create }, async (request, reply) => {
    const { body } = request;
    const { type = 'standard' } = body;
    const { home, scope } = placesOf(body, readContext(request));
    const grant = await signInBy(core, options, request, body, {
      home,
      format: v2Format,
      secondFactor: type === 'minimal' ? 'ignored' : 'demanded',
      enter: async (_, user) => ({ holder: await enterScope(core, user.id, scope) }),
      open: {
        kind: 'refresh',
        purpose: 'interactive',
        tokenKind: type,
        rotation: 'on-expiry',
        lifetimes: { absoluteSeconds: null, idleSeconds: refreshIdleSeconds },
        labels: [],
        slot: `v2 ${type}`,
      },
    });
    return answer(reply, request, grant);
  });

  const rescope = { body: rescopeBody, tags, summary: 'Trades a token for one of another scope' };
  app.patch('/token', { schema: rescope }, async (request, reply) => {
    const scope = readTarget(request.body);
    const credential = readCredential(request.body);
    const asked = { ...presented(request, options), scope };
    const grant =
      'refreshToken' in credential
        ? await renewPair(core, { ...asked, ...credential })
        : await rescopeByPassword(core, { ...asked, ...credential });
    return answer(reply, request, grant);
  });

  const renew = { body: renewBody, tags, summary: 'Renews a token, expired or not' };
  app.put('/token', { schema: renew }, async (request, reply) => {
    const { refresh_token: refreshToken } = request.body;
    const grant = await renewPair(core, { ...presented(request, options), refreshToken, scope: 'kept' });
    return answer(reply, request, grant);
  });
}

type Context = ReturnType<typeof readContext>;

/** Where the user lives, and what the token is for. @throws {ProblemError} `malformed`, `invalid_value` */
function placesOf(
  { user_domain: userDomain, domain, tenant_id: tenantId }: Static<typeof signInBody>,
  headers: Context,
): { home: string; scope: NamedScope } {
  const home = userDomain ?? domain;
  if (home === undefined) throw missing('user_domain');
  if (userDomain !== undefined && differ(domain, headers.domain))
    throw wrong('domain', 'is not the one in X-Domain');
  if (differ(tenantId, headers.tenantId)) throw wrong('tenant_id', 'is not the one in X-Tenant-ID');
  return { home, scope: scopeNamed(headers.domain ?? domain ?? null, tenantId ?? headers.tenantId) };
}

function differ(one: string | undefined, other: string | null): boolean {
  return one !== undefined && other !== null && one.toLowerCase() !== other.toLowerCase();
}

/** Exactly one of the two. @throws {ProblemError} `invalid_value` */
function readCredential(
  body: Static<typeof rescopeBody>,
): { refreshToken: string } | { password: string; otp: string | null } {
  const password = readPassword(body);
  const otp = readOtp(body);
  const { refresh_token: refreshToken } = body;
  if (refreshToken !== undefined && password !== null)
    throw wrong('refresh_token', 'and password exclude each other');
  if (refreshToken !== undefined) return { refreshToken };
  if (password === null) throw wrong('refresh_token', 'or password is needed');
  return { password, otp };
}

function presented(
  request: FastifyRequest,
  { guessLimits }: NebularOptions,
): PresentedToken & Pick<Parameters<typeof renewPair>[1], 'origin' | 'guessLimits'> {
  const accessToken = requireToken(request);
  return { accessToken, format: v2Format, formats: allFormats, origin: originOf(request), guessLimits };
}

function answer(reply: FastifyReply, request: FastifyRequest, grant: Grant): FastifyReply {
  const { user_id, username, roles, creation_time, ...scope } = factsOf(grant, request);
  const { text: token, expiresAtSeconds: exp } = grant.accessToken;
  const { holder, session, refreshToken, refreshExpiresAtMs } = grant;
  return sendAnswer(reply, {
    token,
    refresh_token: refreshToken,
    type: session.tokenKind,
    ...scope,
    user_id,
    username,
    user_domain: holder.homeDomainName,
    name: nameOf(holder),
    roles,
    creation_time,
    exp,
    refresh_exp: refreshExpiresAtMs === null ? null : Math.floor(refreshExpiresAtMs / 1000),
  });
}
