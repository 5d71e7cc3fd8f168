/** The service configuration beside its `authentication`. @module */
import { isHost, usualPort } from '../plan/override-plan.ts';
import { isLoopback, plainHttpFault } from '../plan/plain-http.ts';
import { isDots } from '../plan/render-path.ts';
import type { SecretReaders } from '../plan/resolve-secrets.ts';
import type { CallDefaults, Overload, Target } from '../plan/token-plan.ts';
import type { HttpProxy, Transport } from '../plan/transport.ts';
import type { ConfigNode } from './config-node.ts';
import { secretSource } from './secret-sources.ts';
import { overloadStatuses } from './status-lists.ts';

const longestMs = 2 ** 31 - 1;
const mostRepeats = 100;

export function readTarget(properties: ConfigNode): Target {
  const protocol = properties.at('protocol').choice(['http', 'https'], 'http');
  const host = readHost(properties.at('host'));
  properties.at('host').demand('write the name of the server');
  if (protocol === 'http' && host !== '' && !isLoopback(host)) {
    warnOfPlainHttp(properties.at('protocol'));
  }
  return {
    protocol,
    host,
    port: properties.at('port').integer(usualPort(protocol), 1, 65535),
    basePath: properties.at('base_path').text(),
    version: readVersion(properties.at('version')),
  };
}

export function warnOfPlainHttp(protocol: ConfigNode): void {
  protocol.warn(plainHttpFault);
}

/** Empty: there is none. */
export function readHost(node: ConfigNode): string {
  const host = node.text();
  if (host === '' || isHost(host)) return host;
  node.error({
    reason: `${JSON.stringify(host)} is no host name`,
    cure: 'write the name or address alone; protocol, port and base_path have their own properties',
  });
  return host;
}

/** One segment of a path. */
function readVersion(node: ConfigNode): string {
  const version = typeof node.value === 'number' ? String(node.value) : node.text();
  if (isDots(version)) {
    node.error({
      reason: `${JSON.stringify(version)} is no segment of a path`,
      cure: 'write a version such as "v1", or none',
    });
  }
  return version;
}

export function attemptTimeoutMs(properties: ConfigNode): number {
  return properties.at('request').at('attempt_timeout').integer(5000, 0, longestMs) || 5000;
}

/** Of an action: its own where that is more than 0. */
export function actionTimeoutMs(action: ConfigNode, properties: ConfigNode): number {
  return action.at('timeout').integer(0, 0, longestMs) || attemptTimeoutMs(properties);
}

/** Null: not set. */
export function numberOfRetries(properties: ConfigNode): number | null {
  const node = properties.at('request').at('number_retries');
  return node.isAbsent ? null : node.integer(1, 0, mostRepeats);
}

export function redirects(properties: ConfigNode): number {
  return properties.at('request').at('number_redirects').integer(0, 0, mostRepeats);
}

export function readOverload(properties: ConfigNode): Overload {
  return {
    statuses: overloadStatuses(properties.at('request').at('limit_retry_error')),
    repeats: numberOfRetries(properties) ?? 1,
    waitMs: Math.round(attemptTimeoutMs(properties) / 5),
  };
}

export function readCallDefaults(properties: ConfigNode): CallDefaults {
  const global = properties.at('request').at('global_request');
  return {
    headers: global.at('addlHeaders').texts(),
    uriOptions: global.at('uriOptions').members(),
    payload: global.at('payload').members(),
  };
}

export function readProxy(properties: ConfigNode, readers: SecretReaders): Transport['proxy'] {
  const proxy = properties.at('proxy');
  if (!proxy.at('enabled').flag(false)) return null;
  const protocol = readProxyProtocol(proxy.at('protocol'));
  proxy.at('host').demand('write the name of the proxy');
  const found: HttpProxy = {
    protocol,
    host: readHost(proxy.at('host')),
    port: proxy.at('port').integer(protocol === 'https' ? 443 : 3128, 1, 65535),
    username: proxy.at('username').text() || null,
    password: secretSource(proxy.at('password'), 'may-be-encoded', readers),
  };
  return found;
}

function readProxyProtocol(node: ConfigNode): 'http' | 'https' {
  if (node.isAbsent || node.value === 'http' || node.value === 'https')
    return node.value === 'https' ? 'https' : 'http';
  node.error({
    reason: `${JSON.stringify(node.value)} proxies are not supported`,
    cure: 'use an http or https proxy',
  });
  return 'http';
}
