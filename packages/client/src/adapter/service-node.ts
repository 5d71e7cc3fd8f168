/** The service configuration, with or without the platform's wrapper around it. @module */
import { ConfigNode } from './config-node.ts';
import type { Problems } from './problems.ts';

export interface ServiceNode {
  readonly properties: ConfigNode;
  /** Null: the configuration has no id. */
  readonly id: string | null;
}

/** @param properties the configuration, or `{ id, type, properties }` */
export function serviceNode(problems: Problems, properties: unknown): ServiceNode {
  const root = new ConfigNode(problems, 'properties', '', properties);
  const isWrapper =
    root.at('properties').value !== undefined && root.at('authentication').value === undefined;
  if (!isWrapper) return { properties: root, id: null };
  return { properties: root.at('properties'), id: root.at('id').text() || null };
}
