/** Settings of the nebularstack dialect. @module */
import { DurationError, parseDuration } from '@tessera/token';
import { defaultOptions, type NebularOptions } from '../dialects/nebularstack/options.ts';
import type { GuessLimit, GuessLimits } from '../domain/guessing.ts';
import type { SettingReader } from './setting-reader.ts';

const leastSeconds = 60;
const yearSeconds = 365 * 86_400;

export function readNebularOptions(reader: SettingReader): NebularOptions {
  const { guessLimits, region, v1MaximumSeconds } = defaultOptions;
  return {
    guessLimits:
      reader.read('nebularstackLockout', lockoutOf, (limits, text) => {
        const cure = 'write three limits like 5/15m 20/60m 100/15m: failures, and within how long.';
        return limits === null ? `"${text}" cannot be read; ${cure}` : null;
      }) ?? guessLimits,
    region: reader.text('region') ?? region,
    v1MaximumSeconds: reader.read('nebularstackV1MaxLifetime', secondsOf, lifetimeFault) ?? v1MaximumSeconds,
  };
}

function lifetimeFault(seconds: number | null, text: string): string | null {
  if (seconds !== null && seconds >= leastSeconds && seconds <= yearSeconds) return null;
  return `"${text}" is no such duration; write one from 60s to 365d, such as 24h.`;
}

/** Null for what is no duration with a unit. */
function secondsOf(text: string): number | null {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof DurationError) return null;
    throw error;
  }
}

function lockoutOf(text: string): GuessLimits | null {
  const [nameAndAddress, name, address, ...others] = text.trim().split(/[\s,]+/);
  const { guessLimits: usual } = defaultOptions;
  const both = limitOf(nameAndAddress, usual.nameAndAddress);
  const ofName = limitOf(name, usual.name);
  const ofAddress = limitOf(address, usual.address);
  if (both === null || ofName === null || ofAddress === null || others.length > 0) return null;
  return { nameAndAddress: both, name: ofName, address: ofAddress };
}

/** `5/15m`, with the locks of the usual limit. */
function limitOf(text: string | undefined, usual: GuessLimit): GuessLimit | null {
  const [failures = '', window = '', ...others] = text?.split('/') ?? [];
  const seconds = secondsOf(window);
  if (!/^[1-9]\d{0,5}$/.test(failures) || seconds === null || seconds < 1 || others.length > 0) return null;
  return { ...usual, failures: Number(failures), windowMs: seconds * 1000 };
}
