/** From a typed configuration to the same plan that an adapter comes to. @module */
import { hash } from 'node:crypto';
import { compilePlacements } from '../placing/compile-placements.ts';
import { deepFreeze } from '../plan/deep-freeze.ts';
import type { SecretSource } from '../plan/secrets.ts';
import type { Lifetime, TokenPlan, TokenStep } from '../plan/token-plan.ts';
import { canonicalJson } from '../token-source/canonical-json.ts';
import { proxyOf, targetOf, tlsOf } from './config-connection.ts';
import { ConfigProblems } from './config-problems.ts';
import { parametersOf, secretsOf } from './config-secrets.ts';
import { freeRequest, missingCredentials } from './free-request.ts';
import { oauthAnswer, oauthRequest } from './oauth.ts';
import { tesseraRenewal } from './tessera-renewal.ts';
import type {
  LoginConfig,
  Place,
  TesseraConfig,
  TokenClientConfig,
  TokenConfig,
} from './token-client-config.ts';

const usualTimeoutMs = 5_000;
const usualTokenBytes = 1024 * 1024;

/** @throws {ConfigurationError} with everything that is wrong */
export function compileConfig(config: TokenClientConfig): TokenPlan {
  const problems = new ConfigProblems();
  const { timeoutMs = usualTimeoutMs, marginMs } = config;
  const baseUrl = problems.url('/baseUrl', config.baseUrl);
  if (baseUrl.search !== '' || baseUrl.hash !== '')
    problems.add('/baseUrl', 'has a query or a fragment', 'write https://HOST/PATH');
  checkNumbers(config, problems);
  const step = stepOf(config.token, timeoutMs, problems);
  const placing = placingOf(config.place, step);
  const compiled = compilePlacements(placing.fields, placing.formats, placing.tokenp2);
  for (const { severity, reason, cure } of compiled.problems)
    if (severity === 'error') problems.add('/place', reason, cure);
  if (config.cache !== undefined && config.cacheSecret === undefined)
    problems.add('/cacheSecret', 'is missing', 'set it to the secret that all who share the cache have');
  const lifetime = lifetimeOf(config.lifetime ?? 'answer', marginMs ?? null, problems);
  const proxy = config.proxy === undefined ? null : proxyOf(config.proxy, problems);
  const secrets = secretsOf(config.token ?? {});
  for (const source of [...Object.values(secrets), proxy?.password]) checkVault(source, config, problems);
  problems.throwIfAny();
  return deepFreeze({
    id: config.id ?? baseUrl.host,
    target: targetOf(baseUrl),
    allowedOrigins: config.allowedOrigins ?? [],
    step,
    placements: compiled.placements,
    placing,
    bodyOnGet: 'refused',
    lifetime,
    refusal: { statuses: [config.refusedStatus ?? 401].flat(), repeats: config.repeats ?? 1 },
    overload: { statuses: [], repeats: 0, waitMs: timeoutMs / 5 },
    cache: config.cache === undefined ? 'memory' : 'external',
    transport: {
      timeoutMs,
      redirects: config.redirects ?? 0,
      tls: tlsOf(config.tls ?? {}),
      proxy,
      maxTokenResponseBytes: config.maxTokenResponseBytes ?? usualTokenBytes,
      maxCallResponseBytes: config.maxCallResponseBytes ?? null,
    },
    calls: { headers: config.headers ?? {}, uriOptions: {}, payload: {} },
    healthcheck: null,
    stub: null,
    secrets,
    parameters: parametersOf(config.token),
    sensitive: (config.sensitive ?? []).map((word) => word.toLowerCase()),
    logging: 'quiet',
    fingerprint: hash('sha256', canonicalJson(step), 'base64url'),
    warnings: problems.warnings,
  });
}

function checkNumbers(config: TokenClientConfig, problems: ConfigProblems): void {
  problems.count('/timeoutMs', config.timeoutMs, 1);
  problems.count('/marginMs', config.marginMs, 0);
  problems.count('/repeats', config.repeats, 0);
  problems.count('/redirects', config.redirects, 0);
  problems.count('/maxTokenResponseBytes', config.maxTokenResponseBytes, 1);
  problems.count('/maxCallResponseBytes', config.maxCallResponseBytes, 1);
  for (const status of [config.refusedStatus ?? 401].flat()) {
    if (!Number.isInteger(status) || status < 300 || status > 599)
      problems.add('/refusedStatus', `${status} is no status of a refusal`, 'name statuses from 300 to 599');
  }
}

function checkVault(
  source: SecretSource | null | undefined,
  { vaults = {} }: TokenClientConfig,
  problems: ConfigProblems,
): void {
  if (source?.kind !== 'vault' || Object.hasOwn(vaults, source.vault)) return;
  problems.add('/vaults', `has no vault ${JSON.stringify(source.vault)}`, 'pass it in vaults, by that name');
}

function stepOf(token: TokenConfig, timeoutMs: number, problems: ConfigProblems): TokenStep {
  if (token?.kind === 'static') {
    problems.text('/token/token', token.token);
    return { kind: 'static' };
  }
  if (token?.kind === 'refresh-token' || token?.kind === 'tessera') {
    const url = problems.url('/token/url', token.url);
    if (typeof token.refreshToken?.load !== 'function' || typeof token.refreshToken?.save !== 'function')
      problems.add('/token/refreshToken', 'is no store', 'give an object with load() and save(next)');
    const renewal =
      token.kind === 'tessera'
        ? renewalOf(token, url, timeoutMs, problems)
        : { request: oauthRequest(token, url, timeoutMs), answer: oauthAnswer };
    const login =
      token.login === undefined ? renewal : loginStep('/token/login', token.login, timeoutMs, problems);
    return { kind: 'request', ...login, renewal: { ...renewal, refreshTokenLifetimeMs: null } };
  }
  return { kind: 'request', ...loginStep('/token', token, timeoutMs, problems), renewal: null };
}

function renewalOf(
  token: TesseraConfig,
  url: URL,
  timeoutMs: number,
  problems: ConfigProblems,
): ReturnType<typeof tesseraRenewal> {
  if (['ciphertrust', 'nebularstack', 'nectar'].includes(token.dialect))
    return tesseraRenewal(token, url, timeoutMs);
  problems.add('/token/dialect', 'is no dialect', 'use ciphertrust, nebularstack or nectar');
  return tesseraRenewal({ dialect: 'ciphertrust' }, url, timeoutMs);
}

function loginStep(
  pointer: string,
  login: LoginConfig,
  timeoutMs: number,
  problems: ConfigProblems,
): ReturnType<typeof freeRequest> {
  const url = problems.url(`${pointer}/url`, login?.url);
  switch (login?.kind) {
    case 'client-credentials':
      problems.text(`${pointer}/clientId`, login.clientId);
      problems.text(`${pointer}/clientSecret`, login.clientSecret);
      return { request: oauthRequest(login, url, timeoutMs), answer: oauthAnswer };
    case 'password':
      problems.text(`${pointer}/username`, login.username);
      problems.text(`${pointer}/password`, login.password);
      return { request: oauthRequest(login, url, timeoutMs), answer: oauthAnswer };
    case 'request':
      for (const name of missingCredentials(login)) problems.text(`${pointer}/${name}`, undefined);
      return freeRequest(login, url, timeoutMs);
    default: {
      const kinds = 'client-credentials, password, refresh-token, tessera, static or request';
      problems.add(`${pointer}/kind`, 'is no kind of token', `use ${kinds}`);
      return {
        request: oauthRequest({ kind: 'client-credentials', url, clientId: '', clientSecret: '' }, url, 1),
        answer: oauthAnswer,
      };
    }
  }
}

function placingOf(place: TokenClientConfig['place'], step: TokenStep): TokenPlan['placing'] {
  const places = [
    place ?? { field: 'header.headers.Authorization', format: 'Bearer {token}' },
  ].flat() as Place[];
  return {
    fields: places.map(({ field }) => field),
    formats: places.map(({ format }) => format ?? '{token}'),
    tokenp2: step.kind === 'request' && step.answer.tokenp2 !== null ? 'declared' : 'absent',
  };
}

function lifetimeOf(
  lifetime: NonNullable<TokenClientConfig['lifetime']>,
  marginMs: number | null,
  problems: ConfigProblems,
): Lifetime {
  if (lifetime === 'per-call' || lifetime === -1) return { kind: 'per-call' };
  if (lifetime === 'answer' || lifetime === 0) return { kind: 'answer', marginMs };
  if (!Number.isSafeInteger(lifetime) || lifetime < 0)
    problems.add('/lifetime', 'is no lifetime', 'use "answer", "per-call" or milliseconds');
  else if (marginMs !== null && marginMs >= lifetime)
    problems.add('/marginMs', 'is not less than the lifetime', 'make it smaller than "lifetime"');
  return { kind: 'fixed', lifetimeMs: lifetime, marginMs };
}
