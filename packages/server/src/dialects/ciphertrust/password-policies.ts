/** `/usermgmt/pwdpolicies`. @module */
import type { Static } from 'typebox';
import type { PasswordPolicy } from '../../domain/password-policy.ts';
import { ProblemError } from '../../domain/problem.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import {
  changePolicy,
  createPolicy,
  deletePolicy,
  getPolicy,
  listPolicies,
  type PolicyRules,
} from '../../operations/manage-password-policies.ts';
import { callerOf } from './caller.ts';
import { range, text, whole } from './fields.ts';
import { withoutAbsent } from './user-fields.ts';
import { listRange, pageText, wireTime } from './wire.ts';

const rules = {
  inclusive_min_total_length: Type.Optional(whole()),
  inclusive_max_total_length: Type.Optional(whole()),
  inclusive_min_upper_case: Type.Optional(whole()),
  inclusive_min_lower_case: Type.Optional(whole()),
  inclusive_min_digits: Type.Optional(whole()),
  inclusive_min_other: Type.Optional(whole()),
  password_history_threshold: Type.Optional(
    whole({ description: 'How many earlier passwords may not come again.' }),
  ),
  password_lifetime: Type.Optional(whole({ description: 'Days; 0: passwords do not expire.' })),
  password_change_min_days: Type.Optional(
    whole({ description: 'Days a new password must be kept; 0: no such rule.' }),
  ),
  failed_logins_lockout_thresholds: Type.Optional(
    Type.Array(whole(), {
      maxItems: 100,
      description: 'Minutes of lockout after the first, second, … failure in a row.',
    }),
  ),
};
const newPolicy = Type.Object({ policy_name: text(), ...rules });
const policyChanges = Type.Object(rules);
const policyPath = Type.Object({ name: text() });

export function addPasswordPolicyRoutes(app: App, core: Core): void {
  const tags = ['password policies'];
  const path = '/usermgmt/pwdpolicies';
  const create = { body: newPolicy, tags, summary: 'Creates a password policy' };
  app.post(path, { schema: create }, async (request, reply) => {
    const name = request.body.policy_name;
    const policy = await createPolicy(core, callerOf(request), { name, ...rulesOf(request.body) }).catch(
      asPolicyName,
    );
    return sendJson(reply, 201, JSON.stringify(policyItem(policy)));
  });
  const list = { querystring: Type.Object(range), tags, summary: 'Lists password policies' };
  app.get(path, { schema: list }, async (request, reply) => {
    const asked = listRange(request.query);
    return sendJson(
      reply,
      200,
      pageText(asked, await listPolicies(core, callerOf(request), asked), policyItem),
    );
  });
  const one = `${path}/:name`;
  const read = { params: policyPath, tags, summary: 'Reads a password policy' };
  app.get(one, { schema: read }, async (request, reply) => {
    const policy = await getPolicy(core, callerOf(request), request.params.name);
    return sendJson(reply, 200, JSON.stringify(policyItem(policy)));
  });
  const change = { params: policyPath, body: policyChanges, tags, summary: 'Changes a password policy' };
  app.patch(one, { schema: change }, async (request, reply) => {
    const policy = await changePolicy(core, callerOf(request), request.params.name, rulesOf(request.body));
    return sendJson(reply, 200, JSON.stringify(policyItem(policy)));
  });
  const remove = { params: policyPath, tags, summary: 'Deletes a password policy' };
  app.delete(one, { schema: remove }, async (request, reply) => {
    await deletePolicy(core, callerOf(request), request.params.name);
    return sendNothing(reply);
  });
}

/** The core calls it `name`; here that is the wire's name of something else. */
function asPolicyName(error: unknown): never {
  if (!(error instanceof ProblemError) || error.problem.field !== 'name') throw error;
  throw new ProblemError({ ...error.problem, field: 'policy_name' });
}

function rulesOf(body: Static<typeof policyChanges>): Partial<PolicyRules> {
  return withoutAbsent({
    minTotalLength: body.inclusive_min_total_length,
    maxTotalLength: body.inclusive_max_total_length,
    minUpperCase: body.inclusive_min_upper_case,
    minLowerCase: body.inclusive_min_lower_case,
    minDigits: body.inclusive_min_digits,
    minOther: body.inclusive_min_other,
    historyThreshold: body.password_history_threshold,
    lifetimeDays: body.password_lifetime,
    changeMinDays: body.password_change_min_days,
    lockoutThresholdsMinutes: body.failed_logins_lockout_thresholds,
  });
}

function policyItem(policy: PasswordPolicy): object {
  return {
    policy_name: policy.name,
    inclusive_min_total_length: policy.minTotalLength,
    inclusive_max_total_length: policy.maxTotalLength,
    inclusive_min_upper_case: policy.minUpperCase,
    inclusive_min_lower_case: policy.minLowerCase,
    inclusive_min_digits: policy.minDigits,
    inclusive_min_other: policy.minOther,
    password_history_threshold: policy.historyThreshold,
    password_lifetime: policy.lifetimeDays,
    password_change_min_days: policy.changeMinDays,
    failed_logins_lockout_thresholds: policy.lockoutThresholdsMinutes,
    created_at: wireTime(policy.createdAtMs),
    updated_at: wireTime(policy.updatedAtMs),
  };
}
