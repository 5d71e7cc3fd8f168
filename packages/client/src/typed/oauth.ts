/** Token requests of OAuth 2.0 (RFC 6749). @module */
import type { FieldSource, RequestRecipe } from '../plan/request-recipe.ts';
import { answerRecipe, header, member, type RecipeHeader, requestRecipe, text, variable } from './recipes.ts';
import type {
  ClientCredentialsConfig,
  OAuthClient,
  PasswordConfig,
  RefreshTokenConfig,
} from './token-client-config.ts';

type OAuthConfig = ClientCredentialsConfig | PasswordConfig | RefreshTokenConfig;

/** Names of the parameters that a login's and a renewal's fields are filled from. */
export const grantParameter = { login: 'grant_type', renewal: 'renewal_grant_type' } as const;

export function oauthRequest(config: OAuthConfig, url: URL, timeoutMs: number): RequestRecipe {
  const [authorization, clientFields] = clientProof(config);
  return requestRecipe({
    url,
    headers: [
      header('Accept', text('application/json')),
      header('Content-Type', text('application/x-www-form-urlencoded')),
      ...authorization,
    ],
    sources: [...grantFields(config), ...same('scope', 'resource'), ...clientFields],
    body: { kind: 'urlencode' },
    timeoutMs,
  });
}

function grantFields({ kind }: OAuthConfig): FieldSource[] {
  switch (kind) {
    case 'client-credentials':
      return same('grant_type');
    case 'password':
      return same('grant_type', 'username', 'password');
    case 'refresh-token':
      return [{ field: 'grant_type', from: grantParameter.renewal }, ...same('refresh_token')];
  }
}

const same = (...names: readonly string[]): FieldSource[] =>
  names.map((name) => ({ field: name, from: name }));

/** RFC 6749 §2.3.1: in the header, id and secret are form-encoded first. A client without a secret names itself only. */
function clientProof({
  clientId,
  clientSecret,
  clientAuth = 'basic',
}: OAuthClient): [RecipeHeader[], FieldSource[]] {
  if (clientId === undefined) return [[], []];
  if (clientSecret === undefined) return [[], same('client_id')];
  if (clientAuth === 'body') return [[], same('client_id', 'client_secret')];
  const pieces = [variable('client_id', 'form'), text(':'), variable('client_secret', 'form')];
  return [[header('Authorization', text('Basic '), { kind: 'base64', pieces, encoding: 'none' })], []];
}

/** RFC 6749 §5.1 */
export const oauthAnswer: ReturnType<typeof answerRecipe> = answerRecipe({
  token: member('access_token'),
  expiresIn: member('expires_in'),
  refreshToken: member('refresh_token'),
  tokenType: 'bearer',
});
