/** The flags that describe a password policy, and the fields they fill. @module */
import { UsageError } from '../program/errors.ts';
import { countFlag, type Flag, type OptionsOf, textFlag } from '../program/flag.ts';
import { given } from './fields.ts';

type Count = Flag<number | null>;
type Text = Flag<string | null>;

export const policyNameFlag: { readonly 'policy-name': Text } = {
  'policy-name': textFlag('name of the policy; "global" if left out', { placeholder: 'NAME' }),
};

export const policyFlags: {
  readonly minlength: Count;
  readonly maxlength: Count;
  readonly minupper: Count;
  readonly minlower: Count;
  readonly mindig: Count;
  readonly minother: Count;
  readonly lifetime: Count;
  readonly history: Count;
  readonly 'failed-logins-lockout-thresholds': Text;
  readonly pwdchngdays: Count;
  readonly pwdexpirynotificationdays: Count;
} = {
  minlength: countFlag('least number of characters', { short: 't' }),
  maxlength: countFlag('greatest number of characters', { short: 'z' }),
  minupper: countFlag('least number of capital letters', { short: 'm' }),
  minlower: countFlag('least number of small letters', { short: 'w' }),
  mindig: countFlag('least number of digits', { short: 'd' }),
  minother: countFlag('least number of other characters', { short: 'o' }),
  lifetime: countFlag('a password must be changed after so many days; 0: never', {
    short: 'L',
    placeholder: 'DAYS',
  }),
  history: countFlag('so many earlier passwords may not be used again', { short: 'b' }),
  'failed-logins-lockout-thresholds': textFlag('minutes of lockout per consecutive failure', {
    short: 'f',
    placeholder: "'[0,5,30]'",
  }),
  pwdchngdays: countFlag('a password may be changed only after so many days', { placeholder: 'DAYS' }),
  pwdexpirynotificationdays: countFlag('announce the end so many days before', { placeholder: 'DAYS' }),
};

/** The fields of the options given. @throws {UsageError} thresholds that are no list of minutes */
export function policyFields(options: OptionsOf<typeof policyFlags>): Record<string, unknown> {
  return given({
    inclusive_min_total_length: options.minlength,
    inclusive_max_total_length: options.maxlength,
    inclusive_min_upper_case: options.minupper,
    inclusive_min_lower_case: options.minlower,
    inclusive_min_digits: options.mindig,
    inclusive_min_other: options.minother,
    password_lifetime: options.lifetime,
    password_history_threshold: options.history,
    failed_logins_lockout_thresholds: readThresholds(options['failed-logins-lockout-thresholds']),
    password_change_min_days: options.pwdchngdays,
    password_expiry_notification_days: options.pwdexpirynotificationdays,
  });
}

function readThresholds(text: string | null): number[] | null {
  if (text === null) return null;
  const list = /^\s*\[?\s*((?:\d{1,9}(?:\s*,\s*\d{1,9})*)?)\s*\]?\s*$/.exec(text)?.[1];
  if (list === undefined)
    throw new UsageError("--failed-logins-lockout-thresholds takes minutes, such as '[0,5,30]'");
  return list === '' ? [] : list.split(',').map(Number);
}
