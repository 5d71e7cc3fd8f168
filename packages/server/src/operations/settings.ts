/** The installation's settings: seen by everybody who is signed in, changed by its operators. @module */
import { refuse } from '../domain/problem.ts';
import {
  checkSetting,
  describeSetting,
  isSettingName,
  type SettingName,
  settingNames,
  settingValue,
} from '../domain/settings.ts';
import type { Write } from '../store/database.ts';
import type { Page } from '../store/page.ts';
import { resetSetting as resetRow, setSetting as setRow } from '../store/settings.ts';
import { audit } from './audit.ts';
import type { Caller, Core } from './core.ts';
import { requireOperator } from './manage-rights.ts';

export interface Setting {
  readonly name: SettingName;
  /** As text, as people write it. */
  readonly value: string;
  readonly description: string;
}

export async function listSettings(
  core: Core,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<Page<Setting>> {
  const { settings } = await core.database.configuration();
  const rows = settingNames.slice(skip, skip + limit).map((name) => settingOf(settings, name));
  return { rows, total: settingNames.length };
}

/** @throws {ProblemError} `not_found` */
export async function getSetting(core: Core, name: string): Promise<Setting> {
  const { settings } = await core.database.configuration();
  return settingOf(settings, known(name));
}

/** @throws {ProblemError} `forbidden`, `not_found`, `invalid_value` with nothing changed */
export async function setSetting(core: Core, caller: Caller, name: string, value: string): Promise<Setting> {
  requireOperator(caller);
  const setting = known(name);
  checkSetting(setting, value);
  return await change(core, caller, setting, setRow(core.database, setting, value), value);
}

/** Back to the default. @throws {ProblemError} `forbidden`, `not_found` */
export async function resetSetting(core: Core, caller: Caller, name: string): Promise<Setting> {
  requireOperator(caller);
  const setting = known(name);
  return await change(core, caller, setting, resetRow(core.database, setting), null);
}

async function change(
  core: Core,
  { principal, origin }: Caller,
  name: SettingName,
  writes: readonly Write[],
  value: string | null,
): Promise<Setting> {
  const told = { actorId: principal.userId, target: name, detail: { value } };
  await core.database.write([...writes, audit(core, origin, 'setting_changed', told)]);
  return await getSetting(core, name);
}

function known(name: string): SettingName {
  if (isSettingName(name)) return name;
  throw refuse('not_found', 'unknown_setting', 'There is no property of this name.');
}

function settingOf(settings: ReadonlyMap<string, string>, name: SettingName): Setting {
  return { name, value: settingValue(settings, name), description: describeSetting(name) };
}
