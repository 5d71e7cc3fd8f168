/** What one caller wants otherwise than configured. @module */
import { isIPv6 } from 'node:net';
import { Secret } from '@tessera/token';
import { compilePlacements } from '../placing/compile-placements.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type Problem, TokenClientError } from './errors.ts';
import type { SecretName, SecretSource } from './secrets.ts';
import type { Target, TokenPlan } from './token-plan.ts';

export interface Overrides {
  readonly host?: string;
  readonly port?: number | string;
  readonly protocol?: string;
  readonly base_path?: string;
  readonly version?: string;
  readonly authentication?: {
    readonly username?: string | Secret;
    readonly password?: string | Secret;
    readonly client_id?: string | Secret;
    readonly client_secret?: string | Secret;
    readonly grant_type?: string;
    readonly scope?: string;
    readonly resource?: string;
    readonly auth_field?: string | readonly string[];
    readonly auth_field_format?: string | readonly string[];
  };
}

const secretNames = ['username', 'password', 'client_id', 'client_secret'] as const;
const parameterNames = ['grant_type', 'scope', 'resource'] as const;

/**
 * The plan for that caller: another target, other credentials, other placements.
 *
 * @throws {TokenClientError} `request_invalid`: a value that a configuration could not have either
 * @see spec, S4
 */
export function overridePlan(plan: TokenPlan, overrides: Overrides): TokenPlan {
  const given = overrides.authentication ?? {};
  return deepFreeze({
    ...plan,
    target: targetOf(plan.target, overrides),
    secrets: { ...plan.secrets, ...secretsOf(given) },
    parameters: { ...plan.parameters, ...parametersOf(given) },
    placements:
      given.auth_field === undefined && given.auth_field_format === undefined
        ? plan.placements
        : placementsOf(plan, given),
    warnings: [],
  });
}

function targetOf(target: Target, overrides: Overrides): Target {
  const { protocol = target.protocol, host = target.host, base_path, version } = overrides;
  if (protocol !== 'http' && protocol !== 'https') throw invalid('/protocol', 'is neither http nor https');
  if (!isHost(host)) throw invalid('/host', 'is no host name');
  const moved =
    overrides.protocol !== undefined && overrides.port === undefined && protocol !== target.protocol;
  const port = Number(overrides.port ?? (moved ? usualPort(protocol) : target.port));
  if (!isPort(port)) throw invalid('/port', 'is no port');
  return { protocol, host, port, basePath: base_path ?? target.basePath, version: version ?? target.version };
}

export function usualPort(protocol: 'http' | 'https'): number {
  return protocol === 'https' ? 443 : 80;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** A name or an address, and nothing that would move the rest of a URL. */
export function isHost(host: unknown): host is string {
  if (typeof host !== 'string') return false;
  const address = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return isIPv6(address) || (/^[\w.-]+$/.test(host) && URL.canParse(`http://${host}`));
}

function secretsOf(
  given: NonNullable<Overrides['authentication']>,
): Partial<Record<SecretName, SecretSource>> {
  const sources: Partial<Record<SecretName, SecretSource>> = {};
  for (const name of secretNames) {
    const value = given[name];
    if (value === undefined) continue;
    sources[name] = { kind: 'value', value: value instanceof Secret ? value : new Secret(String(value)) };
  }
  return sources;
}

function parametersOf(given: NonNullable<Overrides['authentication']>): Record<string, string> {
  const entries = parameterNames.filter((name) => given[name] !== undefined);
  return Object.fromEntries(entries.map((name) => [name, String(given[name])]));
}

function placementsOf(
  plan: TokenPlan,
  given: NonNullable<Overrides['authentication']>,
): TokenPlan['placements'] {
  const { placements, problems } = compilePlacements(
    given.auth_field ?? plan.placing.fields,
    given.auth_field_format ?? plan.placing.formats,
    plan.placing.tokenp2,
  );
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) throw invalid(wrong.pointer, wrong.reason, wrong);
  return placements;
}

function invalid(pointer: string, reason: string, problem?: Pick<Problem, 'cure'>): TokenClientError {
  return new TokenClientError('request_invalid', 'call', `overrides#${pointer} ${reason}.`, {
    cure: problem?.cure ?? 'Change the overrides of this call.',
  });
}
