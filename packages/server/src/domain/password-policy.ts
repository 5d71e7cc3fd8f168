/** Password policies: what a password must look like, how long it lives, how failures lock. @module */

/** Counts are characters (Unicode code points); see the field's names for units. */
export interface PasswordPolicy {
  /** `global` always exists. */
  readonly name: string;
  readonly minTotalLength: number;
  readonly maxTotalLength: number;
  readonly minUpperCase: number;
  readonly minLowerCase: number;
  readonly minDigits: number;
  readonly minOther: number;
  /** How many earlier passwords may not come again; the current one never may. */
  readonly historyThreshold: number;
  /** 0: passwords do not expire. */
  readonly lifetimeDays: number;
  /** How long a new password must be kept; 0: no such rule. */
  readonly changeMinDays: number;
  /** Minutes of lockout after the first, second, … consecutive failure; the last counts for all later ones. Empty: none. */
  readonly lockoutThresholdsMinutes: readonly number[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export const globalPolicyName = 'global';

/** The policy of a fresh installation. */
export const defaultPolicy: Omit<PasswordPolicy, 'name' | 'createdAtMs' | 'updatedAtMs'> = {
  minTotalLength: 8,
  maxTotalLength: 128,
  minUpperCase: 1,
  minLowerCase: 1,
  minDigits: 1,
  minOther: 1,
  historyThreshold: 5,
  lifetimeDays: 0,
  changeMinDays: 0,
  lockoutThresholdsMinutes: [],
};

const day = 86_400_000;

/** What is wrong with a new password, as one sentence that never repeats it; null when it may be used. */
export function passwordFault(policy: PasswordPolicy, password: string): string | null {
  const characters = [...password];
  const count = (pattern: RegExp): number => characters.filter((character) => pattern.test(character)).length;
  const upper = count(/\p{Lu}/u);
  const lower = count(/\p{Ll}/u);
  const digits = count(/\p{Nd}/u);
  const other = characters.length - upper - lower - digits;
  if (characters.length < policy.minTotalLength) return `needs at least ${policy.minTotalLength} characters`;
  if (characters.length > policy.maxTotalLength)
    return `may have at most ${policy.maxTotalLength} characters`;
  if (upper < policy.minUpperCase) return `needs at least ${policy.minUpperCase} upper-case letter(s)`;
  if (lower < policy.minLowerCase) return `needs at least ${policy.minLowerCase} lower-case letter(s)`;
  if (digits < policy.minDigits) return `needs at least ${policy.minDigits} digit(s)`;
  if (other < policy.minOther)
    return `needs at least ${policy.minOther} character(s) that are no letter or digit`;
  return null;
}

/** Whether a password set at `changedAtMs` has outlived its policy. */
export function passwordExpired(policy: PasswordPolicy, changedAtMs: number | null, nowMs: number): boolean {
  return policy.lifetimeDays > 0 && changedAtMs !== null && changedAtMs + policy.lifetimeDays * day <= nowMs;
}

/** Whether a password set at `changedAtMs` is still too young to be changed by its owner. */
export function passwordTooYoung(policy: PasswordPolicy, changedAtMs: number | null, nowMs: number): boolean {
  return policy.changeMinDays > 0 && changedAtMs !== null && changedAtMs + policy.changeMinDays * day > nowMs;
}
