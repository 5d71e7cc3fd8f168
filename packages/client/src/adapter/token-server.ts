/** Where tokens are asked for: the service's server, or another one for signing on. @module */

import { isLoopback } from '../plan/plain-http.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import type { ConfigNode } from './config-node.ts';
import { readHost, warnOfPlainHttp } from './service.ts';

type Server = RequestRecipe['server'];

/**
 * Field by field, since each may be set alone; "" and 0 are not set.
 *
 * @see spec, A1
 */
export function readServer(
  service: ConfigNode,
  action: ConfigNode,
  kind: 'token' | 'refresh',
  usualHost: string,
): Server {
  const [one, other] = [readSso(service), readSso(action)];
  const [first, second] = kind === 'token' ? [one, other] : [other, one];
  const host = first.host ?? second.host;
  const protocol = other.protocol ?? one.protocol;
  if (protocol === 'http' && !isLoopback(host ?? usualHost)) {
    warnOfPlainHttp((other.protocol === null ? service : action).at('protocol'));
  }
  return {
    protocol,
    host,
    port: first.port ?? second.port,
  };
}

function readSso(node: ConfigNode): Server {
  node.members();
  const port = node.at('port');
  const isUnset = port.isAbsent || port.value === 0 || port.value === '0';
  const protocol = node.at('protocol');
  return {
    protocol: protocol.isAbsent ? null : protocol.choice<'http' | 'https'>(['http', 'https'], 'https'),
    host: readHost(node.at('host')) || null,
    port: isUnset ? null : port.integer(443, 1, 65535),
  };
}
