/** The address of a call. @module */
import { encodeIllegal } from '../formats/compile-format.ts';
import { percentEncode } from '../formats/encode-text.ts';
import { originOf, slashed, withOptions } from './render-path.ts';
import type { Target } from './token-plan.ts';

/**
 * The path may name `{base_path}` and `{version}`; nothing is put before it otherwise, and nothing in it is normalised.
 *
 * @param path begins with `/`; its fragment, if it has one, stays last
 * @param options joins the query
 */
export function callUrl(target: Target, path: string, options: Readonly<Record<string, unknown>>): string {
  const filled = path
    .replaceAll(/\/?\{base_path\}/g, () => slashed(target.basePath))
    .replaceAll(/\/?\{version\}/g, () => slashed(percentEncode(target.version)));
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(filled) ?? [];
  const rooted = address.startsWith('/') ? address : `/${address}`;
  return originOf(target) + withOptions(encodeIllegal(rooted), options) + fragment;
}
