/** The call that tells whether the system is well. @module */

import type { Placement } from '../plan/placement.ts';
import { compilePath } from '../plan/render-path.ts';
import type { Healthcheck } from '../plan/token-plan.ts';
import { checkProtocol, readMethodOf } from './action-head.ts';
import type { ReadOptions } from './adapter-options.ts';
import type { ConfigNode } from './config-node.ts';
import { actionTimeoutMs } from './service.ts';
import { readTokenPath } from './token-path.ts';

/** Null: there is no such action, and no path that could stand for it. */
export function readHealthcheck(
  properties: ConfigNode,
  action: ConfigNode | null,
  placements: readonly Placement[],
  options: ReadOptions,
): Healthcheck | null {
  const path = properties.at('healthcheck').at('URI_Path');
  if (action === null) return path.isAbsent ? null : withoutAction(properties, path, options);
  checkProtocol(action);
  const method = readMethodOf(action);
  const inBody = placements.some(({ kind }) => kind === 'body');
  if (inBody && options.bodyOnGet === 'refused' && (method === 'GET' || method === 'HEAD')) {
    action.at('method').error({
      reason: `the token goes into the body, and a ${method} has none`,
      cure: 'set allowBodyOnGet, or place the token elsewhere',
    });
  }
  return {
    method,
    path: readTokenPath(action, path, properties.at('choosepath').text()),
    query: properties.at('healthcheck').at('query_object').members(),
    headers: { ...properties.at('healthcheck').at('addlHeaders').texts(), ...action.at('headers').texts() },
    body: null,
    bodyOnGet: options.bodyOnGet,
    timeoutMs: actionTimeoutMs(action, properties),
  };
}

function withoutAction(properties: ConfigNode, path: ConfigNode, { bodyOnGet }: ReadOptions): Healthcheck {
  return {
    method: 'GET',
    path: compilePath(path.text()).pieces,
    query: properties.at('healthcheck').at('query_object').members(),
    headers: properties.at('healthcheck').at('addlHeaders').texts(),
    body: null,
    bodyOnGet,
    timeoutMs: actionTimeoutMs(properties.at('healthcheck').at('no action'), properties),
  };
}
