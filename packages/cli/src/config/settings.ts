/** What holds for this run, read from all layers of configuration. @module */
import { resolve } from 'node:path';
import { Secret, type TokenPair } from '@tessera/client';
import type { Invocation } from '../program/command.ts';
import { type Dialect, dialects, parseDialect } from '../program/dialect.ts';
import { UsageError } from '../program/errors.ts';
import { type ConfigFile, valueIn } from './config-file.ts';
import { dialectIn, fitsDialect } from './dialect-in-file.ts';
import type { Key } from './keys.ts';
import { configPathOf, type GivenFile, type Layer, layersOf } from './layers.ts';
import { parseServerUrl } from './server-url.ts';

export interface Settings {
  /** Null: none configured. */
  readonly url: URL | null;
  readonly dialect: Dialect;
  readonly username: string | null;
  readonly password: Secret | null;
  readonly jwt: Secret | null;
  readonly refreshToken: Secret | null;
  readonly pair: StoredPair | null;
  readonly domain: string | null;
  /** Of the layer that names a scope; never another layer's, which may be in another domain. */
  readonly tenant: string | null;
  readonly authDomain: string | null;
  readonly noSslVerify: boolean;
  /** Absolute path. */
  readonly caFile: string | null;
  readonly timeoutSeconds: number;
  readonly isVerbose: boolean;
  /** The file that `login` and `logout` change. */
  readonly configPath: string;
}

/** A pair of the `nebularstack` dialect. */
export interface StoredPair extends TokenPair {
  /** The file that keeps it; null: it came from the environment. */
  readonly path: string | null;
}

/** @throws {LocalError} a file that is refused, or a value its key cannot have @throws {UsageError} likewise a flag's */
export function loadSettings(invocation: Invocation, givenFile: GivenFile = 'there'): Settings {
  const { globals } = invocation;
  if (globals.password !== null && globals['password-stdin']) {
    throw new UsageError('--password and --password-stdin exclude each other');
  }
  const layers = layersOf(invocation, givenFile);
  const url = read(layers, 'URL', 'https://HOST[:PORT]', parseServerUrl);
  const dialect = read(layers, 'DIALECT', dialects.join(' or '), parseDialect) ?? 'ciphertrust';
  const passwordLayers = layers.filter(({ file }) => file === null || isFor(file, url));
  const scopeLayers = layers.filter(({ file }) => file === null || fitsDialect(file, dialect));
  const tokenLayers = passwordLayers.filter((layer) => scopeLayers.includes(layer));
  const username = text(layers, 'USERNAME');
  const homeLayers = scopeLayers.filter(({ file }) => file === null || isHomeOf(file, username));
  const caFile = text(layers, 'CAFILE');
  read(layers, 'RESP', 'json', (value) => (value === 'json' ? value : null));
  return {
    url,
    dialect,
    username,
    password: secret(passwordLayers, 'PASSWORD'),
    jwt: secret(tokenLayers, 'JWT'),
    refreshToken: secret(tokenLayers, 'REFRESHTOKEN'),
    pair: tokenLayers.map(pairOf).find((pair) => pair !== null) ?? null,
    domain: text(scopeLayers, 'DOMAIN'),
    tenant: scopeLayers.find(namesScope)?.get('TENANT') ?? null,
    authDomain: text(homeLayers, 'AUTH_DOMAIN'),
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

const namesScope = (layer: Layer): boolean => layer.get('TENANT') !== null || layer.get('DOMAIN') !== null;

const text = (layers: readonly Layer[], key: Key): string | null =>
  read(layers, key, 'text', (value) => value);

const secret = (layers: readonly Layer[], key: Key): Secret | null =>
  read(layers, key, 'text', (value) => new Secret(value));

/** Both of one layer: tokens of two logins are no pair. */
function pairOf({ get, file }: Layer): StoredPair | null {
  const [accessToken, refreshToken] = [get('ACCESSTOKEN'), get('REFRESHTOKEN')];
  if (accessToken === null || refreshToken === null) return null;
  return {
    accessToken: new Secret(accessToken),
    refreshToken: new Secret(refreshToken),
    path: file?.path ?? null,
  };
}

/** A credential in a file is for the server in that file; another one, named by a flag, shall not get to see it. */
export function isFor(file: ConfigFile, url: URL | null): boolean {
  const own = valueIn(file, 'URL');
  return own === null || (url !== null && parseServerUrl(own)?.href === url.href);
}

/** The home domain that a login keeps is its user's: another one, named by a flag, lives elsewhere. */
function isHomeOf(file: ConfigFile, username: string | null): boolean {
  const own = valueIn(file, 'USERNAME');
  if (own === null || dialectIn(file) !== 'nebularstack') return true;
  return own.toLowerCase() === username?.toLowerCase();
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
