/** How a token is obtained, and where it goes. @module */
import { type CompiledPlacements, compilePlacements } from '../placing/compile-placements.ts';
import type { Placing } from '../plan/placement.ts';
import type { Renewal, TokenStep } from '../plan/token-plan.ts';
import { checkProtocol } from './action-head.ts';
import { type AdapterFiles, findAction, readSchema, schemaNode } from './actions.ts';
import type { ReadOptions } from './adapter-options.ts';
import { compileAnswer } from './answer-recipe.ts';
import { type AuthMethod, readPlacing } from './authentication.ts';
import type { ConfigNode } from './config-node.ts';
import type { Problems } from './problems.ts';
import { compileRefreshRequest } from './refresh-request.ts';
import type { ActionSetting } from './request-recipe.ts';
import { compileTokenRequest } from './token-request.ts';

export interface StepSetting {
  readonly problems: Problems;
  readonly files: AdapterFiles;
  readonly properties: ConfigNode;
  readonly method: AuthMethod;
  readonly actions: readonly ConfigNode[];
  readonly options: ReadOptions;
  /** Names of credentials and parameters that are set. */
  readonly set: ReadonlySet<string>;
}

export interface CompiledStep {
  readonly step: TokenStep;
  readonly placing: Placing;
  readonly placements: CompiledPlacements['placements'];
}

export function readTokenStep(setting: StepSetting): CompiledStep {
  const action = setting.method === 'request_token' ? findAction(setting.actions, 'getToken') : null;
  const authentication = setting.properties.at('authentication');
  const token = action === null ? null : actionSetting(setting, action);
  const second = token?.responseSchema?.at('properties').at('tokenp2').value;
  // Without the schema, every format that names tokenp2 would be a second problem of one cause.
  const isKnown = setting.method !== 'request_token' || token?.responseSchema != null;
  const placing = readPlacing(authentication, second !== undefined || !isKnown ? 'declared' : 'absent');
  if (setting.method === 'no_authentication') return { step: { kind: 'none' }, placing, placements: [] };

  const placed = compilePlacements(placing.fields, placing.formats, placing.tokenp2);
  for (const problem of placed.problems) {
    const pointer = setting.properties.pointer + problem.pointer;
    setting.problems.add({ ...problem, file: setting.properties.file, pointer });
  }
  const { step, needs } = token === null ? given(setting.method, placed) : requested(setting, token, placed);
  requireCredentials(authentication, needs, setting.set);
  return { step, placing, placements: placed.placements };
}

interface Step {
  readonly step: TokenStep;
  /** Credentials without which nothing can be sent. */
  readonly needs: ReadonlySet<string>;
}

/** A token that stands in the configuration, or credentials that go into every call. */
function given(method: AuthMethod, placed: CompiledPlacements): Step {
  // That there is no action to request it with is a problem already.
  if (method === 'request_token') return { step: { kind: 'none' }, needs: new Set() };
  return { step: { kind: 'static' }, needs: placed.variables };
}

function requested(setting: StepSetting, token: ActionSetting, placed: CompiledPlacements): Step {
  checkProtocol(token.action);
  const { recipe, needs } = compileTokenRequest(token);
  const answer = compileAnswer(token, placed.variables.has('tokenp2') ? 'placed' : 'unused');
  const variables = [...placed.variables].filter((name) => name === 'username' || name === 'password');
  const step: TokenStep = { kind: 'request', request: recipe, answer, renewal: readRenewal(setting, token) };
  return { step, needs: new Set([...needs, ...variables]) };
}

/** Null: refresh tokens are not used, which is the usual. */
function readRenewal(setting: StepSetting, token: ActionSetting): Renewal | null {
  const refresh = setting.properties.at('authentication').at('refresh_token_request');
  const lifetimeMs = refresh.at('refresh_token').at('token_timeout').integer(-1, -1, Number.MAX_SAFE_INTEGER);
  if (lifetimeMs === -1) return null;
  if (token.responseSchema?.at('properties').at('refreshToken').value === undefined) {
    refresh.error({
      reason: 'the response schema has no property refreshToken',
      cure: 'add it, or set token_timeout to -1',
    });
  }
  const action = findAction(setting.actions, 'getRefreshToken');
  if (action === null) {
    refresh.error({
      reason: 'there is no action getRefreshToken',
      cure: 'add it to action.json',
      icode: 'AD.302',
    });
    return null;
  }
  checkProtocol(action);
  const renewed = actionSetting(setting, action);
  return {
    request: compileRefreshRequest(renewed),
    answer: compileAnswer(renewed, 'unused'),
    refreshTokenLifetimeMs: lifetimeMs === 0 ? null : lifetimeMs,
  };
}

function actionSetting(
  { problems, files, properties, options, set }: StepSetting,
  action: ConfigNode,
): ActionSetting {
  return {
    properties,
    action,
    requestSchema: readSchema(problems, files, schemaNode(action, 'requestSchema')),
    responseSchema: readSchema(problems, files, schemaNode(action, 'responseSchema')),
    options,
    set,
  };
}

function requireCredentials(
  authentication: ConfigNode,
  needs: ReadonlySet<string>,
  set: ReadonlySet<string>,
): void {
  for (const name of ['username', 'password', 'token'].filter((one) => needs.has(one) && !set.has(one))) {
    if (authentication.at(name).isAbsent)
      authentication.at(name).error({ reason: 'is missing', cure: `write the ${name} that is sent` });
  }
}
