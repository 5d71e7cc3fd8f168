/**
 * The peer: oidc-provider 9 with everything in memory and nothing switched on that the bench does not use.
 *
 * Environment: `ACCESS_TOKENS` is `jwt` (ES256) or `opaque`; `REFRESH_TOKENS` says how many to make.
 * @module
 */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { MapAdapter } from './map-adapter.ts';

const clientId = 'app';
/** Known to the load as well; as long as a real one. */
const clientSecret = 's'.repeat(43);
const resource = 'https://api.example.com';
const scope = 'read write';
const format = process.env.ACCESS_TOKENS ?? 'jwt';

const provider = new Provider('http://127.0.0.1', {
  adapter: MapAdapter,
  jwks: { keys: [signingKey('ES256', 'k1'), signingKey('RS256', 'r1')] },
  clients: [client()],
  scopes: ['openid', 'offline_access', 'read', 'write'],
  ttl: { AccessToken: 600, ClientCredentials: 600, RefreshToken: 86_400, Grant: 86_400, IdToken: 600 },
  features: features(),
  // As many claims as an access token of Tessera's has.
  extraTokenClaims: () => ({ tenant: 'acme', preferred_username: 'user000001', groups: ['Key Users'] }),
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  findAccount: async (_context: unknown, id: string) => ({
    accountId: id,
    claims: async () => ({ sub: id }),
  }),
});
const server = provider.listen(0, '127.0.0.1');
await once(server, 'listening');
const made = { refreshTokens: await refreshTokens(), accessToken: await accessToken() };
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
console.log(JSON.stringify({ msg: 'listening', url, ...made }));
process.on('SIGTERM', () => process.exit());

function signingKey(alg: 'ES256' | 'RS256', kid: string): object {
  const { privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid };
}

function client(): object {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    token_endpoint_auth_method: 'client_secret_post',
    introspection_endpoint_auth_method: 'client_secret_post',
    redirect_uris: ['http://127.0.0.1:1/callback'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    scope: 'openid offline_access read write',
    id_token_signed_response_alg: 'ES256',
  };
}

function features(): object {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => resourceServer(),
    },
  };
}

function resourceServer(): object {
  return {
    scope,
    audience: resource,
    accessTokenTTL: 600,
    accessTokenFormat: format,
    jwt: { sign: { alg: 'ES256', kid: 'k1' } },
  };
}

async function refreshTokens(): Promise<string[]> {
  const client = await provider.Client.find(clientId);
  const texts: string[] = [];
  for (let number = 0; number < Number(process.env.REFRESH_TOKENS ?? 0); number++) {
    const accountId = `user${String(number).padStart(6, '0')}`;
    const grant = new provider.Grant({ accountId, clientId });
    grant.addOIDCScope('offline_access');
    grant.addResourceScope(resource, scope);
    const token = new provider.RefreshToken({
      accountId,
      client,
      grantId: await grant.save(),
      gty: 'authorization_code',
      scope: `offline_access ${scope}`,
      resource,
      authTime: 1,
      claims: {},
      sessionUid: 'x',
      expiresWithSession: false,
      rotations: 0,
      iiat: Math.floor(Date.now() / 1000),
    });
    texts.push(await token.save());
  }
  return texts;
}

async function accessToken(): Promise<string> {
  const client = await provider.Client.find(clientId);
  const token = new provider.ClientCredentials({ client, scope });
  return token.save();
}
