/** Managing password policies: create, list, read, change, delete. All domains share them. @module */
import { rootDomainId } from '../domain/ids.ts';
import { defaultPolicy, globalPolicyName, type PasswordPolicy } from '../domain/password-policy.ts';
import { refuse } from '../domain/problem.ts';
import type { Page } from '../store/page.ts';
import {
  deletePolicy as deletePolicyRow,
  findPolicy,
  insertPolicy,
  listPolicies as listPolicyRows,
  updatePolicy,
} from '../store/password-policies.ts';
import { listUsers } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict, writeUnique } from './manage-conflicts.ts';
import { checkName, checkWhole, invalidValue } from './manage-fields.ts';
import { requireOperator, requireUserAdministrator } from './manage-rights.ts';

/** What a policy asks for. */
export type PolicyRules = Omit<PasswordPolicy, 'name' | 'createdAtMs' | 'updatedAtMs'>;

/** A rule not given is that of a fresh installation. */
export interface NewPolicy extends Partial<PolicyRules> {
  readonly name: string;
}

const maxNameCharacters = 64;
const maxPasswordCharacters = 1024;
const maxDays = 36_500;
/** A year. */
const maxLockoutMinutes = 525_600;
const maxThresholds = 32;
const maxHistory = 20;

/** @throws {ProblemError} `forbidden`, `invalid_value`, `conflict` where the name is taken */
export async function createPolicy(core: Core, caller: Caller, fields: NewPolicy): Promise<PasswordPolicy> {
  requireOperator(caller);
  checkName('name', fields.name, maxNameCharacters);
  const nowMs = core.clock();
  const rules = rulesOf(defaultPolicy, fields);
  const policy: PasswordPolicy = { ...rules, name: fields.name, createdAtMs: nowMs, updatedAtMs: nowMs };
  const audit = auditOf(core, caller, 'password_policy_created', policy.name, { ...rules });
  const taken = 'A password policy of that name exists already.';
  await writeUnique(core, [insertPolicy(core.database, policy), audit], taken);
  return policy;
}

/** @throws {ProblemError} `forbidden` */
export async function listPolicies(
  core: Core,
  caller: Caller,
  range: { readonly skip: number; readonly limit: number },
): Promise<Page<PasswordPolicy>> {
  requireUserAdministrator(caller);
  return listPolicyRows(core.database, range);
}

/** @throws {ProblemError} `forbidden`, `not_found` */
export async function getPolicy(core: Core, caller: Caller, name: string): Promise<PasswordPolicy> {
  requireUserAdministrator(caller);
  return findPolicyNamed(core, name);
}

/** Changes the rules that are given. @throws {ProblemError} `forbidden`, `not_found`, `invalid_value` */
export async function changePolicy(
  core: Core,
  caller: Caller,
  name: string,
  changes: Partial<PolicyRules>,
): Promise<PasswordPolicy> {
  requireOperator(caller);
  return retryOnConflict(async () => {
    const policy = await findPolicyNamed(core, name);
    const rules = rulesOf(policy, changes);
    const changed: PasswordPolicy = { ...policy, ...rules, updatedAtMs: core.clock() };
    const audit = auditOf(core, caller, 'password_policy_changed', name, { ...rules });
    await core.database.write([updatePolicy(core.database, changed), audit]);
    return changed;
  });
}

/**
 * @throws {ProblemError} `forbidden`, `not_found`, `conflict` for the global policy and for one that users have
 */
export async function deletePolicy(core: Core, caller: Caller, name: string): Promise<void> {
  requireOperator(caller);
  await findPolicyNamed(core, name);
  if (name === globalPolicyName)
    throw refuse('conflict', 'global_policy', 'The global password policy cannot be deleted.');
  await retryOnConflict(async () => {
    const users = await countUsersOf(core, name);
    if (users > 0)
      throw refuse(
        'conflict',
        'policy_in_use',
        `${users} user(s) have this password policy. Give them another one first.`,
      );
    const audit = auditOf(core, caller, 'password_policy_deleted', name);
    await core.database.write([deletePolicyRow(core.database, name), audit]);
  });
}

async function findPolicyNamed(core: Core, name: string): Promise<PasswordPolicy> {
  const policy = await findPolicy(core.database, name);
  if (policy === null)
    throw refuse('not_found', 'unknown_password_policy', `There is no password policy "${name}".`);
  return policy;
}

function rulesOf(base: PolicyRules, given: Partial<PolicyRules>): PolicyRules {
  const rules: PolicyRules = {
    minTotalLength: given.minTotalLength ?? base.minTotalLength,
    maxTotalLength: given.maxTotalLength ?? base.maxTotalLength,
    minUpperCase: given.minUpperCase ?? base.minUpperCase,
    minLowerCase: given.minLowerCase ?? base.minLowerCase,
    minDigits: given.minDigits ?? base.minDigits,
    minOther: given.minOther ?? base.minOther,
    historyThreshold: given.historyThreshold ?? base.historyThreshold,
    lifetimeDays: given.lifetimeDays ?? base.lifetimeDays,
    changeMinDays: given.changeMinDays ?? base.changeMinDays,
    lockoutThresholdsMinutes: given.lockoutThresholdsMinutes ?? base.lockoutThresholdsMinutes,
  };
  checkRanges(rules);
  checkSatisfiable(rules);
  return rules;
}

function checkRanges(rules: PolicyRules): void {
  checkWhole('minTotalLength', rules.minTotalLength, 1, maxPasswordCharacters);
  checkWhole('maxTotalLength', rules.maxTotalLength, 1, maxPasswordCharacters);
  checkWhole('minUpperCase', rules.minUpperCase, 0, maxPasswordCharacters);
  checkWhole('minLowerCase', rules.minLowerCase, 0, maxPasswordCharacters);
  checkWhole('minDigits', rules.minDigits, 0, maxPasswordCharacters);
  checkWhole('minOther', rules.minOther, 0, maxPasswordCharacters);
  checkWhole('historyThreshold', rules.historyThreshold, 0, maxHistory);
  checkWhole('lifetimeDays', rules.lifetimeDays, 0, maxDays);
  checkWhole('changeMinDays', rules.changeMinDays, 0, maxDays);
  if (rules.lockoutThresholdsMinutes.length > maxThresholds)
    throw invalidValue('lockoutThresholdsMinutes', `use at most ${maxThresholds} numbers.`);
  for (const minutes of rules.lockoutThresholdsMinutes)
    checkWhole('lockoutThresholdsMinutes', minutes, 0, maxLockoutMinutes);
}

/** A policy that no password can meet, or that no owner can obey, would lock people out. */
function checkSatisfiable(rules: PolicyRules): void {
  const { minTotalLength, maxTotalLength, minUpperCase, minLowerCase, minDigits, minOther } = rules;
  if (minTotalLength > maxTotalLength)
    throw invalidValue('minTotalLength', `use at most the maximum length, ${maxTotalLength}.`);
  if (minUpperCase + minLowerCase + minDigits + minOther > maxTotalLength)
    throw invalidValue('maxTotalLength', 'use at least the sum of the minimum numbers of each kind.');
  if (rules.lifetimeDays > 0 && rules.changeMinDays >= rules.lifetimeDays)
    throw invalidValue('changeMinDays', `use less than the lifetime, ${rules.lifetimeDays} days.`);
}

async function countUsersOf(core: Core, passwordPolicy: string): Promise<number> {
  const page = await listUsers(core.database, {
    domainId: null,
    name: null,
    username: null,
    email: null,
    inAllRoles: [],
    inNoRoles: [],
    roleDomainId: rootDomainId,
    accountExpired: null,
    allowedAuthMethods: null,
    allowedClientTypes: null,
    passwordPolicy,
    sort: { by: 'username', order: 'asc' },
    nowMs: core.clock(),
    skip: 0,
    limit: 1,
  });
  return page.total;
}
