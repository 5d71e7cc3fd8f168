/** `POST /auth/tokens`: trades credentials or a refresh token for a JWT. @module */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { settingValue } from '../../domain/settings.ts';
import { sendAsciiJson, sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { enterDomain } from '../../operations/enter-domain.ts';
import type { Grant } from '../../operations/grant.ts';
import { accessOnly, type SessionRequest } from '../../operations/new-session.ts';
import { refresh } from '../../operations/refresh.ts';
import { signIn } from '../../operations/sign-in.ts';
import { accessTokenFormat, jwtSeconds } from './access-token-format.ts';
import { missing, proofRules, readAccount } from './account.ts';
import { readRefreshCookie, setTokenCookies } from './cookies.ts';
import { flag, opaque, text, texts, whole, word } from './fields.ts';
import { wrong } from './reader.ts';

/** A thousand years: far enough, and still a date. */
const longestMinutes = 525_600_000;

const tokenRequest = Type.Object({
  grant_type: Type.Optional(
    text({ description: '`password` or `refresh_token`; absent: by what is given.' }),
  ),
  username: Type.Optional(text({ description: 'Also as `<connection>|<username>`.' })),
  name: Type.Optional(text({ description: 'Alias of `username`.' })),
  password: Type.Optional(opaque()),
  otp: Type.Optional(text({ description: 'One-time password, for accounts with a second factor.' })),
  connection: Type.Optional(text({ description: '`local_account` if absent.' })),
  auth_domain: Type.Optional(text({ description: 'Domain the account lives in; `root` if absent.' })),
  auth_domain_path: Type.Optional(text({ description: 'Alias of `auth_domain`.' })),
  domain: Type.Optional(text({ description: 'Name or id of the domain the token is for.' })),
  refresh_token: Type.Optional(opaque()),
  issueRefreshToken: Type.Optional(flag({ description: 'Also give a refresh token.' })),
  issue_refresh_token: Type.Optional(flag({ description: 'Alias of `issueRefreshToken`.' })),
  renew_refresh_token: Type.Optional(
    flag({ description: 'Spend the refresh token presented for a new one.' }),
  ),
  refresh_token_lifetime: Type.Optional(
    whole({
      minimum: 0,
      maximum: longestMinutes,
      description: 'Minutes the refresh token lives; 0: no limit.',
    }),
  ),
  refresh_token_revoke_unused_in: Type.Optional(
    whole({ minimum: 0, maximum: longestMinutes, description: 'Minutes it may stay unused; 0: no limit.' }),
  ),
  labels: Type.Optional(texts({ description: 'Tags to find the refresh token by.' })),
  purpose: Type.Optional(
    word(['interactive', 'application'], {
      description:
        'Of a refresh token: `interactive` where the person who signs in keeps it; `application`, if absent, where a program gets it, which may then manage no credentials.',
    }),
  ),
  cookies: Type.Optional(flag({ description: 'Tokens as cookies instead of in the body.' })),
});

type TokenRequest = Static<typeof tokenRequest>;

/** What the operator's numbers count. */
export interface TokenCounters {
  renewed: number;
}

export function addTokenRoutes(app: App, core: Core, counters: TokenCounters): void {
  const schema = { body: tokenRequest, tags: ['tokens'], summary: 'Creates an API token' };
  app.post('/auth/tokens', { schema }, (request, reply) =>
    isRefresh(request.body)
      ? answerRefresh(core, request.body, request, reply, counters)
      : answerPassword(core, request.body, request, reply),
  );
}

function isRefresh({ grant_type: grant, refresh_token: token }: TokenRequest): boolean {
  if (grant === undefined) return token !== undefined;
  if (grant !== 'password' && grant !== 'refresh_token')
    throw wrong('grant_type', 'must be password or refresh_token');
  return grant === 'refresh_token';
}

async function answerPassword(
  core: Core,
  body: TokenRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const account = readAccount(body);
  if (body.password === undefined) throw missing('password');
  const grant = await signIn(core, {
    format: accessTokenFormat,
    origin: originOf(request),
    account,
    password: body.password,
    otp: body.otp ?? null,
    ...proofRules,
    enter: async (_, user) => ({ holder: await enterDomain(core, user.id, body.domain ?? user.domainId) }),
    open: {
      ...((await wantsRefreshToken(core, body)) ? withRefreshToken(body) : withoutRefreshToken),
      tokenKind: 'standard',
      rotation: 'on-request',
      labels: body.labels ?? [],
      slot: null,
    },
  });
  return answerGrant(reply, body, grant, grant.refreshToken);
}

type Kept = Pick<SessionRequest, 'kind' | 'purpose' | 'lifetimes'>;

/** Whoever has the token proved a password for it, minutes ago at most. */
const withoutRefreshToken: Kept = { ...accessOnly(accessTokenFormat), purpose: 'interactive' };

function withRefreshToken(body: TokenRequest): Kept {
  const lifetimes = {
    absoluteSeconds: secondsOf(body.refresh_token_lifetime),
    idleSeconds: secondsOf(body.refresh_token_revoke_unused_in),
  };
  // A change of password leaves alone what was handed to a program.
  return { kind: 'refresh', purpose: body.purpose ?? 'application', lifetimes };
}

/** A refresh token only for who asks, in one of several ways: unasked ones pile up on servers. */
async function wantsRefreshToken(core: Core, body: TokenRequest): Promise<boolean> {
  const asked = body.issueRefreshToken ?? body.issue_refresh_token;
  if (asked !== undefined) return asked;
  const hasLifetime =
    (body.refresh_token_lifetime ?? 0) > 0 || (body.refresh_token_revoke_unused_in ?? 0) > 0;
  const isImplied = hasLifetime || (body.labels ?? []).length > 0 || body.cookies === true;
  return isImplied || (await isIssuedByDefault(core));
}

async function isIssuedByDefault(core: Core): Promise<boolean> {
  const { settings } = await core.database.configuration();
  return settingValue(settings, 'ISSUE_REFRESH_TOKEN_BY_DEFAULT').toLowerCase() === 'true';
}

function secondsOf(minutes: number | undefined): number | null {
  return minutes === undefined || minutes === 0 ? null : minutes * 60;
}

async function answerRefresh(
  core: Core,
  body: TokenRequest,
  request: FastifyRequest,
  reply: FastifyReply,
  counters: TokenCounters,
): Promise<FastifyReply> {
  const cookie = body.refresh_token === undefined ? readRefreshCookie(request, core.issuer) : null;
  const refreshToken = body.refresh_token ?? cookie;
  if (refreshToken === null) throw missing('refresh_token');
  const isRenewal =
    body.renew_refresh_token === true || (body.issueRefreshToken ?? body.issue_refresh_token) === true;
  const grant = await refresh(core, {
    format: accessTokenFormat,
    origin: originOf(request),
    refreshToken,
    renewal: isRenewal ? 'renew' : 'plain',
    domain: body.domain ?? null,
  });
  if (isRenewal) counters.renewed++;
  // Some clients demand the keys of a refresh token from every grant. A cookie is given again so that its age starts anew.
  const isEchoed = isRenewal || cookie !== null || (await isIssuedByDefault(core));
  return answerGrant(reply, body, grant, isEchoed ? echoOf(grant, refreshToken, isRenewal) : null);
}

/** A plain refresh gives back the very text presented, which may be the one before the newest. */
function echoOf(grant: Grant, presented: string, isRenewal: boolean): string | null {
  return grant.refreshToken === null || isRenewal ? grant.refreshToken : presented;
}

/** @param refreshToken what of it is told; null: nothing */
function answerGrant(
  reply: FastifyReply,
  body: TokenRequest,
  grant: Grant,
  refreshToken: string | null,
): FastifyReply {
  if (body.cookies !== true) return sendAsciiJson(reply, 200, grantText(grant, refreshToken, 'body'));
  setTokenCookies(reply, grant, refreshToken);
  return sendJson(reply, 200, grantText(grant, refreshToken, 'cookies'));
}

/** JSON by hand: none of these texts needs escaping, and this is the answer the server gives most. */
function grantText(grant: Grant, refreshToken: string | null, tokensIn: 'body' | 'cookies'): string {
  const jwt = tokensIn === 'body' ? `"jwt":"${grant.accessToken.text}",` : '';
  const start = `{${jwt}"duration":${jwtSeconds},"token_type":"Bearer"`;
  if (refreshToken === null) return `${start}}`;
  const token = tokensIn === 'body' ? `,"refresh_token":"${refreshToken}"` : '';
  const { id } = grant.session;
  const seconds = grant.refreshExpiresInSeconds;
  const expiry = seconds === null ? '' : `,"refresh_token_expires_in":${seconds}`;
  return `${start}${token},"client_id":"${id}","refresh_token_id":"${id}"${expiry}}`;
}
