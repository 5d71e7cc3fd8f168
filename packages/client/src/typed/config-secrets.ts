/** Credentials and parameters of a typed configuration, by the names that recipes know. @module */
import { Secret } from '@tessera/token';
import type { SecretName, SecretSource, SecretSources } from '../plan/secrets.ts';
import { grantParameter } from './oauth.ts';
import type { SecretText, TokenConfig } from './token-client-config.ts';

/** Where a configuration may have them. */
type Credentials = {
  readonly [name in 'username' | 'password' | 'clientId' | 'clientSecret' | 'token']?: SecretText;
};

export function secretsOf(token: TokenConfig): SecretSources {
  const login: Credentials = 'login' in token && token.login !== undefined ? token.login : {};
  const owners: readonly Credentials[] = [token.kind === 'tessera' ? {} : token, login];
  const named: readonly [SecretName, keyof Credentials][] = [
    ['username', 'username'],
    ['password', 'password'],
    ['client_id', 'clientId'],
    ['client_secret', 'clientSecret'],
    ['token', 'token'],
  ];
  const sources = named.flatMap(([name, member]) => {
    const value = owners.map((owner) => owner[member]).find((one) => one !== undefined);
    return value === undefined ? [] : [[name, secretSource(value)] as const];
  });
  return Object.fromEntries(sources);
}

export function secretSource(value: SecretText): SecretSource {
  if (value instanceof Secret) return { kind: 'value', value };
  const [, vault, field] = /^\{vault\}([^#]+)#(.+)$/s.exec(value) ?? [];
  if (vault === undefined || field === undefined) return { kind: 'value', value: new Secret(value) };
  return { kind: 'vault', vault, field, text: value };
}

/** `grant_type`, `scope`, `resource`: a renewal's beside those of the login. */
export function parametersOf(token: TokenConfig): Readonly<Record<string, string>> {
  const login = 'login' in token && token.login ? token.login : token;
  const grants: Readonly<Record<string, string>> = {
    'client-credentials': 'client_credentials',
    password: 'password',
  };
  const grant = grants[login.kind];
  const scope = ('scope' in token ? token.scope : undefined) ?? ('scope' in login ? login.scope : undefined);
  const resource =
    ('resource' in token ? token.resource : undefined) ?? ('resource' in login ? login.resource : undefined);
  return {
    [grantParameter.renewal]: 'refresh_token',
    ...(grant === undefined ? {} : { [grantParameter.login]: grant }),
    ...(scope === undefined ? {} : { scope }),
    ...(resource === undefined ? {} : { resource }),
  };
}
