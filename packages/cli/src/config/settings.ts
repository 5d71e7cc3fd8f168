/** What holds for this run, read from all layers of configuration. @module */
import { resolve } from 'node:path';
import { Secret } from '@tessera/client';
import type { Invocation } from '../program/command.ts';
import { UsageError } from '../program/errors.ts';
import { type ConfigFile, valueIn } from './config-file.ts';
import type { Key } from './keys.ts';
import { configPathOf, type Layer, layersOf } from './layers.ts';
import { parseServerUrl } from './server-url.ts';

export interface Settings {
  /** Null: none configured. */
  readonly url: URL | null;
  readonly username: string | null;
  readonly password: Secret | null;
  readonly jwt: Secret | null;
  readonly refreshToken: Secret | null;
  readonly domain: string | null;
  readonly authDomain: string | null;
  readonly noSslVerify: boolean;
  /** Absolute path. */
  readonly caFile: string | null;
  readonly timeoutSeconds: number;
  readonly isVerbose: boolean;
  /** The file that `login` and `logout` change. */
  readonly configPath: string;
}

/** @throws {LocalError} a file that is refused, or a value its key cannot have @throws {UsageError} likewise a flag's */
export function loadSettings(invocation: Invocation): Settings {
  const { globals } = invocation;
  if (globals.password !== null && globals['password-stdin']) {
    throw new UsageError('--password and --password-stdin exclude each other');
  }
  const layers = layersOf(invocation);
  const url = read(layers, 'URL', 'https://HOST[:PORT]', parseServerUrl);
  const credentialLayers = layers.filter(({ file }) => file === null || isFor(file, url));
  const caFile = text(layers, 'CAFILE');
  read(layers, 'RESP', 'json', (value) => (value === 'json' ? value : null));
  return {
    url,
    username: text(layers, 'USERNAME'),
    password: secret(credentialLayers, 'PASSWORD'),
    jwt: secret(credentialLayers, 'JWT'),
    refreshToken: secret(credentialLayers, 'REFRESHTOKEN'),
    domain: text(layers, 'DOMAIN'),
    authDomain: text(layers, 'AUTH_DOMAIN'),
    noSslVerify: read(layers, 'NOSSLVERIFY', 'true or false', parseBoolean) ?? false,
    caFile: caFile === null ? null : resolve(caFile),
    timeoutSeconds: read(layers, 'TIMEOUT', 'seconds, from 1 to 999999', parseSeconds) ?? 30,
    isVerbose: globals.verbose || (read(layers, 'VERBOSITY', 'true or false', parseBoolean) ?? false),
    configPath: configPathOf(invocation),
  };
}

/** The value of the strongest layer that has one. */
function read<T>(
  layers: readonly Layer[],
  key: Key,
  expected: string,
  parse: (text: string) => T | null,
): T | null {
  for (const layer of layers) {
    const written = layer.get(key);
    if (written === null) continue;
    const value = parse(written);
    if (value === null) throw layer.fault(key, expected);
    return value;
  }
  return null;
}

const text = (layers: readonly Layer[], key: Key): string | null =>
  read(layers, key, 'text', (value) => value);

const secret = (layers: readonly Layer[], key: Key): Secret | null =>
  read(layers, key, 'text', (value) => new Secret(value));

/** A credential in a file is for the server in that file; another one, named by a flag, shall not get to see it. */
export function isFor(file: ConfigFile, url: URL | null): boolean {
  const own = valueIn(file, 'URL');
  return own === null || (url !== null && parseServerUrl(own)?.href === url.href);
}

function parseBoolean(written: string): boolean | null {
  if (/^(?:true|1)$/i.test(written)) return true;
  return /^(?:false|0)$/i.test(written) ? false : null;
}

const parseSeconds = (written: string): number | null =>
  /^[1-9]\d{0,5}$/.test(written) ? Number(written) : null;

/** @throws {UsageError} none is configured */
export function requireUrl({ url }: Settings, { context }: Invocation): URL {
  if (url !== null) return url;
  throw new UsageError(
    `no server to ask: give --url https://HOST, or sign in with ${context.personality.name} login`,
  );
}
