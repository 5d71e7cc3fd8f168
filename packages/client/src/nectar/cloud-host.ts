/** The host that API tokens are for, as somebody writes it. @module */
import { InputError } from '../input-error.ts';

export interface CloudHost {
  /** In lower case, with its port unless that is the usual one: `us.nectar.services`, `localhost:8420`. */
  readonly fqdn: string;
  readonly url: URL;
}

const loopback = /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const hostAndPort =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * A pasted address is cut to its host. Plain HTTP is for this machine alone, where it is what is meant unless `https://` is
 * written.
 *
 * @throws {InputError} no host name
 */
export function parseCloudHost(text: string): CloudHost {
  const [, scheme = null, rest = ''] = /^(https?:\/\/)?(.*)$/i.exec(text.trim()) ?? [];
  const host = rest.toLowerCase().replace(/\/+$/, '');
  if (!hostAndPort.test(host) || host.length > 253)
    throw new InputError('the host is a name such as us.nectar.services, with a port where it needs one');
  const name = host.replace(/:\d+$/, '');
  const isLocal = loopback.test(name);
  if (scheme?.toLowerCase() === 'http://' && !isLocal)
    throw new InputError(`plain http is for this machine alone; ${name} needs https`);
  const protocol = scheme?.toLowerCase() ?? (isLocal ? 'http://' : 'https://');
  const url = URL.parse(`${protocol}${host}/`);
  if (url === null) throw new InputError('the host is no name that an address can have');
  return { fqdn: url.host, url };
}
