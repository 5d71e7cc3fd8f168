/** The installation's settings (system properties): names, defaults, what a value may be, what it means. @module */
import { parseDuration } from '@tessera/token';
import { ProblemError } from './problem.ts';
import type { SessionPolicy } from './session.ts';

interface SettingDefinition {
  readonly default: string;
  readonly description: string;
  /** What is wrong with a value, as a sentence that says the cure; null when it may be set. */
  readonly fault: (value: string) => string | null;
}

const hour = 3600;
const day = 24 * hour;
const longest = 100 * 365 * day;

/** A duration within bounds, whose bare number counts minutes. */
function duration(
  smallestSeconds: number,
  largestSeconds: number,
  sentence: string,
): SettingDefinition['fault'] {
  return (value) => {
    const seconds = secondsOf(value);
    return seconds !== null && seconds >= smallestSeconds && seconds <= largestSeconds ? null : sentence;
  };
}

const limit: SettingDefinition['fault'] = (value) =>
  value === '' ? null : duration(1, longest, 'write a duration such as 24h, 90m or 30d.')(value);

export type SettingName =
  | 'MAXIMUM_REFRESH_TOKEN_LIFETIME'
  | 'ISSUE_REFRESH_TOKEN_BY_DEFAULT'
  | 'REFRESH_TOKEN_RENEWAL_GRACE'
  | 'REFRESH_TOKEN_LOST_ANSWER_WINDOW'
  | 'MAXIMUM_SESSION_LIFETIME'
  | 'UI_IDLE_SESSION_TIMEOUT';

const definitions: Readonly<Record<SettingName, SettingDefinition>> = {
  MAXIMUM_REFRESH_TOKEN_LIFETIME: {
    default: '',
    description:
      'Longest life of every refresh token of every interface, whatever was asked for, such as 24h, 90m or 30d; empty: no maximum.',
    fault: limit,
  },
  ISSUE_REFRESH_TOKEN_BY_DEFAULT: {
    default: 'false',
    description:
      'Whether a password sign-in also gives a refresh token when it was not asked for one: true or false.',
    fault: (value) => (/^(?:true|false)$/i.test(value) ? null : 'write true or false.'),
  },
  REFRESH_TOKEN_RENEWAL_GRACE: {
    default: '30s',
    description: 'How long a renewed refresh token is given its successor again, 0s to 1h.',
    fault: duration(0, hour, 'write a duration from 0s to 1h, such as 30s.'),
  },
  REFRESH_TOKEN_LOST_ANSWER_WINDOW: {
    default: '24h',
    description:
      'How long a renewed refresh token is given its successor again while that was never used, 0s to 30d.',
    fault: duration(0, 30 * day, 'write a duration from 0s to 30d, such as 24h.'),
  },
  MAXIMUM_SESSION_LIFETIME: {
    default: '',
    description:
      'Ends a session this long after its sign-in, however often it was renewed; empty: no maximum.',
    fault: limit,
  },
  UI_IDLE_SESSION_TIMEOUT: {
    default: '10m',
    description: 'How long the web console may be idle before it logs its user out, 1m to 24h.',
    fault: duration(60, day, 'write a duration from 1m to 24h, such as 10m.'),
  },
};

export const settingNames: readonly SettingName[] = Object.keys(definitions) as SettingName[];

/** Whether a setting of this name exists. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(definitions, name);
}

export function describeSetting(name: SettingName): string {
  return definitions[name].description;
}

/** A setting's value: what was set, else its default. */
export function settingValue(settings: ReadonlyMap<string, string>, name: SettingName): string {
  return settings.get(name) ?? definitions[name].default;
}

/** @throws {ProblemError} `invalid_value` with the setting's name and the cure */
export function checkSetting(name: SettingName, value: string): void {
  const fault = definitions[name].fault(value);
  if (fault === null) return;
  throw new ProblemError({
    kind: 'invalid_value',
    reason: 'setting_value_not_allowed',
    field: name,
    message: `${name}: ${fault}`,
  });
}

/** The rules of renewal and the limits that the settings give. */
export function sessionPolicy(settings: ReadonlyMap<string, string>): SessionPolicy {
  const seconds = (name: SettingName): number | null => secondsOf(settingValue(settings, name));
  return {
    maximumRefreshSeconds: seconds('MAXIMUM_REFRESH_TOKEN_LIFETIME'),
    maximumSessionSeconds: seconds('MAXIMUM_SESSION_LIFETIME'),
    renewalGraceSeconds: seconds('REFRESH_TOKEN_RENEWAL_GRACE') ?? 0,
    lostAnswerSeconds: seconds('REFRESH_TOKEN_LOST_ANSWER_WINDOW') ?? 0,
  };
}

/** Seconds of a duration text, whose bare number counts minutes; null for the empty text and for what is no duration. */
function secondsOf(value: string): number | null {
  try {
    return value === '' ? null : parseDuration(value, { bareNumber: 'minutes' });
  } catch {
    return null;
  }
}
