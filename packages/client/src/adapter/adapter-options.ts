/** Tessera's own options: from the caller, from an action, from the service configuration, in that order. @module */
import { isXmlName } from '../datatypes/write-xml.ts';
import type { SecretReaders } from '../plan/resolve-secrets.ts';
import { ConfigNode } from './config-node.ts';
import type { Problems } from './problems.ts';

/** Also allowed as `tessera` in `authentication` and in an action. */
export interface TesseraOptions {
  /** Milliseconds before its expiry at which a token is no longer used; not given: 60 s, at most a quarter of its life. */
  readonly tokenMarginMs?: number;
  /** How often a refused call is sent again, 0: never; not given: `max(1, number_retries)`. */
  readonly repeats?: number;
  /** Root element around XML token requests. */
  readonly xmlRoot?: string;
  /** Body of PLAIN token requests, with property names of the request schema as variables. */
  readonly plainTemplate?: string;
  /** `pair` (usual): `a=1; b=2`, values as received; `original`: whole texts with attributes, values decoded. */
  readonly cookieStyle?: 'pair' | 'original';
  /** Whether `body.*` is placed into a GET or HEAD; usually false. */
  readonly allowBodyOnGet?: boolean;
  /** Origins beside the configured one that may receive the token. */
  readonly allowedOrigins?: readonly string[];
  /** Usually 1 MiB. */
  readonly maxTokenResponseBytes?: number;
  /** Usually none. */
  readonly maxCallResponseBytes?: number;
}

export interface AdapterOptions extends TesseraOptions, SecretReaders {
  /** Used where the service configuration has no id of its own; usually the name of the adapter's folder. */
  readonly adapterId?: string;
  /** Needed for `token_cache: "redis"`; what it must be able to do is not looked at here. */
  readonly cache?: object;
  readonly cacheSecret?: unknown;
}

export interface ReadOptions {
  readonly tokenMargin: ConfigNode;
  readonly marginMs: number | null;
  readonly repeats: number | null;
  readonly xmlRoot: string | null;
  readonly plainTemplate: ConfigNode;
  readonly cookieStyle: 'pair' | 'original';
  readonly bodyOnGet: 'refused' | 'allowed';
  readonly allowedOrigins: readonly string[];
  readonly maxTokenResponseBytes: number;
  readonly maxCallResponseBytes: number | null;
}

const mebibyte = 1024 * 1024;
const longest = 2 ** 31 - 1;

export function optionsNode(problems: Problems, options: AdapterOptions): ConfigNode {
  return new ConfigNode(problems, 'options', '', options);
}

/** @param layers the first that has an option wins */
export function readOptions(layers: readonly ConfigNode[]): ReadOptions {
  const find = (name: string): ConfigNode => {
    const nodes = layers.map((layer) => layer.at(name));
    const node = nodes.find(({ isAbsent }) => !isAbsent) ?? nodes[0];
    if (node === undefined) throw new TypeError('options are read from at least one layer');
    return node;
  };
  const number = (name: string, least: number): number | null => {
    const node = find(name);
    return node.isAbsent ? null : node.integer(least, least, longest);
  };
  const tokenMargin = find('tokenMarginMs');
  return {
    tokenMargin,
    marginMs: number('tokenMarginMs', 0),
    repeats: number('repeats', 0),
    xmlRoot: xmlRootOf(find('xmlRoot')),
    plainTemplate: find('plainTemplate'),
    cookieStyle: find('cookieStyle').choice(['pair', 'original'], 'pair'),
    bodyOnGet: find('allowBodyOnGet').flag(false) ? 'allowed' : 'refused',
    allowedOrigins: find('allowedOrigins').elements().flatMap(originOf),
    maxTokenResponseBytes: number('maxTokenResponseBytes', 1) ?? mebibyte,
    maxCallResponseBytes: number('maxCallResponseBytes', 1),
  };
}

function xmlRootOf(node: ConfigNode): string | null {
  const name = node.text();
  if (name === '' || isXmlName(name)) return name || null;
  node.error({
    reason: `${JSON.stringify(name)} is no name of an XML element`,
    cure: 'use letters, digits and -',
  });
  return null;
}

function originOf(node: ConfigNode): string[] {
  const url = URL.parse(node.text());
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return [url.origin];
  node.error({ reason: 'is no origin', cure: 'write https://host or https://host:port' });
  return [];
}
