/** The peer oidc-provider as a process, and what is asked of it. @module */
import { fileURLToPath } from 'node:url';
import { type PostOptions, tokenSlot } from '../load/load.ts';
import { serverCore } from './cores.ts';
import { type RunningServer, startPinned } from './pinned-process.ts';

const mainFile = fileURLToPath(new URL('oidc-provider-main.ts', import.meta.url));

export interface OidcOptions {
  readonly accessTokens: 'jwt' | 'opaque';
  /** How many to make. */
  readonly refreshTokens: number;
}

export interface OidcServer extends RunningServer {
  readonly refreshTokens: readonly string[];
  /** One, opaque, for introspection. */
  readonly accessToken: string;
}

export async function startOidcProvider(options: OidcOptions): Promise<OidcServer> {
  const env = { ACCESS_TOKENS: options.accessTokens, REFRESH_TOKENS: String(options.refreshTokens) };
  const server = await startPinned({ cores: [serverCore], args: [mainFile], env });
  const { refreshTokens, accessToken } = server.announcement;
  return { ...server, refreshTokens: refreshTokens as string[], accessToken: String(accessToken) };
}

const credentials = `client_id=app&client_secret=${'s'.repeat(43)}`;
const contentType = 'application/x-www-form-urlencoded';

export const oidcRefresh: PostOptions = {
  path: '/token',
  contentType,
  body: `grant_type=refresh_token&${credentials}&refresh_token=${tokenSlot}`,
};

export const oidcIntrospection: PostOptions = {
  path: '/token/introspection',
  contentType,
  body: `${credentials}&token=${tokenSlot}`,
};
