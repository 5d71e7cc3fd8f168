/** The headers of a token request. @module */
import { compileFormat } from '../formats/compile-format.ts';
import { isHeaderName, isSetByTransport } from '../placing/safe-header.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import type { ConfigNode } from './config-node.ts';

type Headers = RequestRecipe['headers'];

const known: ReadonlySet<string> = new Set(['username', 'password']);

export interface TokenHeaders {
  readonly headers: Headers;
  /** `username`, `password`: what the values are filled with. */
  readonly variables: ReadonlySet<string>;
}

/**
 * @param layers the first that has a name decides, whatever its letter case; "" removes the header
 * @param usual what is sent where nobody says otherwise
 */
export function readHeaders(
  layers: readonly ConfigNode[],
  usual: Readonly<Record<string, string>>,
): TokenHeaders {
  const found = new Map<string, Headers[number] | null>();
  const variables = new Set<string>();
  for (const layer of layers) {
    const texts = layer.texts();
    for (const [name, text] of Object.entries(texts)) {
      const key = name.toLowerCase();
      if (!found.has(key) && isUsable(layer.at(name), name))
        found.set(key, header(layer.at(name), name, text, variables));
    }
  }
  for (const [name, text] of Object.entries(usual)) {
    if (!found.has(name.toLowerCase()))
      found.set(name.toLowerCase(), { name, value: [{ kind: 'text', text }] });
  }
  return { headers: [...found.values()].filter((one) => one !== null), variables };
}

function isUsable(node: ConfigNode, name: string): boolean {
  if (!isHeaderName(name)) {
    node.error({ reason: 'its name is no name of a header', cure: 'use letters, digits and -' });
    return false;
  }
  if (!isSetByTransport(name)) return true;
  node.warn({ reason: 'it is set from what is really sent, and ignored here', cure: 'remove it' });
  return false;
}

/** Null: the header is removed. */
function header(
  node: ConfigNode,
  name: string,
  text: string,
  variables: Set<string>,
): Headers[number] | null {
  if (text === '') return null;
  const compiled = compileFormat(text, (word) => known.has(word));
  for (const variable of compiled.variables) variables.add(variable);
  if (compiled.base64 === 'open') {
    node.error({
      reason: '{b64} has no end',
      cure: 'write {b64}…{/b64} around what is to be encoded',
      icode: 'AD.401',
    });
  }
  for (const word of compiled.unknown.filter((one) => one !== 'b64')) {
    node.warn({
      reason: `{${word}} is no variable here and stays as it is`,
      cure: 'use {username} or {password}',
    });
  }
  return { name, value: compiled.format };
}
