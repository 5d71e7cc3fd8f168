/** The path of a token request. @module */
import { compilePath } from '../plan/render-path.ts';
import type { PathPiece } from '../plan/request-recipe.ts';
import type { ConfigNode } from './config-node.ts';

/** @param override goes before the action's own, if it is set */
export function readTokenPath(
  action: ConfigNode,
  override: ConfigNode,
  choosePath: string,
): readonly PathPiece[] {
  const node = override.isAbsent ? chosenPath(action.at('entitypath'), choosePath) : override;
  node.demand('write the path of the token request');
  const { pieces, unknown } = compilePath(node.text());
  for (const word of unknown) {
    node.warn({
      reason: `{${word}} is no variable and stays as it is`,
      cure: 'use {base_path}, {version}, {username}, {password} or {pathv1}',
    });
  }
  return pieces;
}

/** Of several by version: exactly that one, else the nearest lower one, else the first. */
function chosenPath(entityPath: ConfigNode, choosePath: string): ConfigNode {
  if (typeof entityPath.value !== 'object' || entityPath.value === null) return entityPath;
  const versions = Object.keys(entityPath.members());
  const exact = versions.find((version) => version === choosePath);
  const lower = versions
    .filter((version) => compareVersions(version, choosePath) < 0)
    .toSorted(compareVersions);
  return entityPath.at(exact ?? lower.at(-1) ?? versions[0] ?? '');
}

/** Number by number; what is no number counts as -1. */
function compareVersions(one: string, other: string): number {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return version
    .replace(/^v/i, '')
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : -1));
}
