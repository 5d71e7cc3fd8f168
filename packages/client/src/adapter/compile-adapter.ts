/** From an adapter's files and a service configuration to a token plan. @module */
import { createHash } from 'node:crypto';
import { deepFreeze } from '../plan/deep-freeze.ts';
import { ConfigurationError } from '../plan/errors.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { Transport } from '../plan/transport.ts';
import { type AdapterFiles, actionFile, findAction, readActions } from './actions.ts';
import { type AdapterOptions, optionsNode, type ReadOptions, readOptions } from './adapter-options.ts';
import {
  type AuthMethod,
  readCache,
  readLifetime,
  readMethod,
  readParameters,
  readSecrets,
} from './authentication.ts';
import type { ConfigNode } from './config-node.ts';
import { readHealthcheck } from './healthcheck.ts';
import { Problems } from './problems.ts';
import {
  attemptTimeoutMs,
  numberOfRetries,
  readCallDefaults,
  readOverload,
  readProxy,
  readTarget,
  redirects,
} from './service.ts';
import { type ServiceNode, serviceNode } from './service-node.ts';
import { invalidTokenStatuses } from './status-lists.ts';
import { readStub } from './stub.ts';
import { readTls } from './tls.ts';
import { readTokenStep } from './token-step.ts';

/**
 * Compiles a configuration; nothing is compiled after it.
 *
 * @param files texts by their path from `entities/.system`, and PEM files by the name that `ssl` gives them
 * @param properties the service configuration, or `{ id, type, properties }` around it
 * @throws {ConfigurationError} with every problem, sorted by file and pointer
 * @see spec, sections 3 and 4
 */
export function compileAdapter(
  files: AdapterFiles,
  properties: unknown,
  options: AdapterOptions = {},
): TokenPlan {
  const problems = new Problems();
  const plan = readPlan(problems, files, serviceNode(problems, properties), options);
  if (problems.hasErrors()) throw new ConfigurationError(problems.sorted());
  return deepFreeze({ ...plan, warnings: problems.sorted() });
}

function readPlan(
  problems: Problems,
  files: AdapterFiles,
  service: ServiceNode,
  given: AdapterOptions,
): TokenPlan {
  const { properties } = service;
  const authentication = properties.at('authentication');
  authentication.demand('write { "auth_method": "request_token", … }');
  const method = readMethod(authentication);
  const actions = actionsOf(problems, files, method);
  const tokenAction = method === 'request_token' ? findAction(actions, 'getToken') : null;
  const layers = [optionsNode(problems, given), authentication.at('tessera')];
  const options = readOptions(layersWith(layers, tokenAction));
  const secrets = readSecrets(authentication, given);
  const parameters = readParameters(authentication);
  const set = new Set([
    ...Object.keys(secrets),
    ...Object.keys(parameters).filter((name) => parameters[name]),
  ]);
  const { step, placing, placements } = readTokenStep({
    problems,
    files,
    properties,
    method,
    actions,
    options,
    set,
  });
  const healthAction = findAction(actions, 'healthcheck');

  return {
    id: service.id ?? given.adapterId ?? 'adapter',
    target: readTarget(properties),
    allowedOrigins: options.allowedOrigins,
    step,
    placements,
    placing,
    bodyOnGet: options.bodyOnGet,
    lifetime: readLifetime(authentication, options),
    refusal: {
      statuses: invalidTokenStatuses(authentication.at('invalid_token_error')),
      repeats: options.repeats ?? Math.max(1, numberOfRetries(properties) ?? 1),
    },
    overload: readOverload(properties),
    cache: readCache(authentication, given),
    transport: readTransport(properties, files, options, given),
    calls: readCallDefaults(properties),
    healthcheck: readHealthcheck(
      properties,
      healthAction,
      placements,
      readOptions(layersWith(layers, healthAction)),
    ),
    stub: readStub(files, tokenAction, properties.at('stub').flag(false)),
    secrets,
    parameters,
    sensitive: authentication
      .at('sensitive')
      .elements()
      .map((node) => node.text().toLowerCase()),
    logging: authentication.at('auth_logging').flag(false) ? 'token-requests' : 'quiet',
    fingerprint: createHash('sha256')
      .update(JSON.stringify([step, placing]))
      .digest('base64url'),
    warnings: [],
  };
}

/** Only where tokens are requested must there be an action. */
function actionsOf(problems: Problems, files: AdapterFiles, method: AuthMethod): readonly ConfigNode[] {
  const isNeeded = method === 'request_token';
  if (!isNeeded && !Object.hasOwn(files, actionFile)) return [];
  const actions = readActions(problems, files);
  if (isNeeded && actions.length > 0 && findAction(actions, 'getToken') === null) {
    const fault = { reason: 'there is no action getToken', cure: 'add it', icode: 'AD.302' } as const;
    problems.error(actionFile, '/actions', fault);
  }
  return actions;
}

/** The caller goes before the action, and the action before the service configuration. */
function layersWith(layers: readonly ConfigNode[], action: ConfigNode | null): readonly ConfigNode[] {
  return action === null ? layers : layers.toSpliced(1, 0, action.at('tessera'));
}

function readTransport(
  properties: ConfigNode,
  files: AdapterFiles,
  options: ReadOptions,
  given: AdapterOptions,
): Transport {
  return {
    timeoutMs: attemptTimeoutMs(properties),
    redirects: redirects(properties),
    tls: readTls(properties.at('ssl'), files),
    proxy: readProxy(properties, given),
    maxTokenResponseBytes: options.maxTokenResponseBytes,
    maxCallResponseBytes: options.maxCallResponseBytes,
  };
}
