/** Settings of the nectar dialect. @module */
import { longestAccessSeconds } from '../dialects/nectar/key-use.ts';
import { defaultOptions, type NectarOptions } from '../dialects/nectar/options.ts';
import type { SettingReader } from './setting-reader.ts';
import type { SettingName } from './settings.ts';

const leastIdleSeconds = 300;
/** A hundred years. */
const mostIdleSeconds = 3_153_600_000;

export function readNectarOptions(reader: SettingReader): NectarOptions {
  const { accessTokenSeconds, recordUseEverySeconds, maximumValidityDays, maximumLive, basic } =
    defaultOptions;
  return {
    recordUseEverySeconds,
    accessTokenSeconds:
      whole(reader, 'nectarAccessTokenSeconds', 60, longestAccessSeconds) ?? accessTokenSeconds,
    refreshIdleSeconds: readIdleSeconds(reader),
    maximumValidityDays: whole(reader, 'nectarMaximumValidityDays', 1, 3_650) ?? maximumValidityDays,
    maximumLive: whole(reader, 'nectarMaximumLiveTokens', 1, 1_000) ?? maximumLive,
    basic: reader.read('nectarBasic', (text) => text.toLowerCase() as 'on' | 'off', switchFault) ?? basic,
  };
}

function readIdleSeconds(reader: SettingReader): number | null {
  if (reader.text('nectarRefreshIdleSeconds')?.toLowerCase() === 'off') return null;
  return whole(reader, 'nectarRefreshIdleSeconds', leastIdleSeconds, mostIdleSeconds);
}

function whole(reader: SettingReader, name: SettingName, least: number, most: number): number | null {
  return reader.read(name, Number, (value, text) => {
    const isInRange = /^\d+$/.test(text.trim()) && value >= least && value <= most;
    return isInRange ? null : `"${text}" is not allowed; write a whole number from ${least} to ${most}.`;
  });
}

function switchFault(value: string, text: string): string | null {
  return value === 'on' || value === 'off' ? null : `"${text}" is neither; write on or off.`;
}
