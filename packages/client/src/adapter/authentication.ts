/** The `authentication` of a service configuration. @module */

import type { Placing } from '../plan/placement.ts';
import type { SecretReaders } from '../plan/resolve-secrets.ts';
import type { SecretName, SecretSource } from '../plan/secrets.ts';
import type { Lifetime } from '../plan/token-plan.ts';
import type { ReadOptions } from './adapter-options.ts';
import { type ConfigNode, numberOf } from './config-node.ts';
import { secretSource } from './secret-sources.ts';
import { unquotedText, unquotedTexts } from './typographic-quotes.ts';

export type AuthMethod = 'request_token' | 'static_token' | 'basic user_password' | 'no_authentication';

const methods: readonly AuthMethod[] = [
  'request_token',
  'static_token',
  'basic user_password',
  'no_authentication',
];
const postponed: ReadonlySet<string> = new Set([
  'jwt_token',
  'multi_step_authentication',
  'aws_authentication',
]);
const secretNames: readonly SecretName[] = ['username', 'password', 'token', 'client_id', 'client_secret'];
/** These say who asks; what they hold is never encoded. */
const plainNames: ReadonlySet<SecretName> = new Set(['username', 'client_id']);

export function readMethod(authentication: ConfigNode): AuthMethod {
  const node = authentication.at('auth_method');
  node.demand('write request_token');
  const name = unquotedText(node, 'request_token');
  const method = methods.find((one) => one === name);
  if (method !== undefined) return method;
  node.error(
    postponed.has(name)
      ? { reason: `${name} is not supported yet`, cure: 'use request_token or static_token' }
      : { reason: `${JSON.stringify(name)} is no way to authenticate`, cure: `use ${methods.join(', ')}` },
  );
  return 'request_token';
}

export function readSecrets(
  authentication: ConfigNode,
  readers: SecretReaders,
): Partial<Record<SecretName, SecretSource>> {
  const secrets: Partial<Record<SecretName, SecretSource>> = {};
  for (const name of secretNames) {
    const encoded = plainNames.has(name) ? 'plain' : 'may-be-encoded';
    const source = secretSource(authentication.at(name), encoded, readers);
    if (source !== null) secrets[name] = source;
  }
  return secrets;
}

export function readParameters(authentication: ConfigNode): Readonly<Record<string, string>> {
  return {
    scope: authentication.at('scope').text(),
    resource: authentication.at('resource').text(),
    grant_type: authentication.at('grant_type').text(),
  };
}

export function readPlacing(authentication: ConfigNode, tokenp2: Placing['tokenp2']): Placing {
  return {
    fields: unquotedTexts(authentication.at('auth_field'), 'header.headers.X-AUTH-TOKEN'),
    formats: unquotedTexts(authentication.at('auth_field_format'), '{token}'),
    tokenp2,
  };
}

/** `token_timeout` in milliseconds: -1 never kept, 0 as the answer says. */
export function readLifetime(authentication: ConfigNode, options: ReadOptions): Lifetime {
  const node = authentication.at('token_timeout');
  const timeoutMs = node.isAbsent ? -1 : numberOf(node.value);
  const { marginMs } = options;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < -1) {
    node.error({
      reason: 'is no time in milliseconds',
      cure: 'write a whole number: -1 to fetch a token for every call, 0 to follow the answer',
    });
    return { kind: 'per-call' };
  }
  if (timeoutMs === -1) return { kind: 'per-call' };
  if (timeoutMs === 0) return { kind: 'answer', marginMs };
  if (marginMs !== null && marginMs >= timeoutMs) {
    options.tokenMargin.error({
      reason: `a margin of ${marginMs} ms leaves nothing of a token_timeout of ${timeoutMs} ms`,
      cure: `write less than ${timeoutMs}`,
    });
  }
  return { kind: 'fixed', lifetimeMs: timeoutMs, marginMs };
}

export function readCache(
  authentication: ConfigNode,
  given: { cache?: unknown; cacheSecret?: unknown },
): 'memory' | 'external' {
  const node = authentication.at('token_cache');
  const name = unquotedText(node, 'local');
  if (name === 'local') return 'memory';
  if (name !== 'redis') {
    node.error({ reason: `${JSON.stringify(name)} is no place to keep tokens`, cure: 'use local or redis' });
    return 'memory';
  }
  if (given.cache === undefined || given.cache === null) {
    node.error({
      reason: 'there is no cache to keep tokens in',
      cure: 'pass it in the option cache, or use local',
    });
  }
  if (given.cacheSecret === undefined || given.cacheSecret === null || given.cacheSecret === '') {
    node.error({
      reason: 'there is no secret to seal cached tokens with',
      cure: 'pass the option cacheSecret, or use local',
    });
  }
  return 'external';
}
