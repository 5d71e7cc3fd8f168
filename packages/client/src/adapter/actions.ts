/** Finds an adapter's actions and the files they name. @module */
import { posix } from 'node:path';
import { isMembers } from '../datatypes/value-path.ts';
import type { ConfigNode } from './config-node.ts';
import type { Problems } from './problems.ts';
import { readJsonFile } from './read-json-file.ts';
import { responseObject } from './response-schema.ts';

/** Texts by their path from the `.system` folder. */
export type AdapterFiles = Readonly<Record<string, string>>;

export const actionFile = 'action.json';
/** Where the `.system` folder is in an adapter. */
const systemFolder = 'entities/.system';

/** The actions of `{"actions": […]}`, of an array, or the only one. */
export function readActions(problems: Problems, files: AdapterFiles): readonly ConfigNode[] {
  const text = Object.hasOwn(files, actionFile) ? files[actionFile] : undefined;
  if (text === undefined) {
    problems.error(actionFile, '', {
      reason: 'there is no such file',
      cure: 'add it to entities/.system',
      icode: 'AD.301',
    });
    return [];
  }
  const root = readJsonFile(problems, actionFile, text);
  if (root === null) return [];
  if (Array.isArray(root.value)) return root.elements();
  if (!isMembers(root.value)) {
    root.error({ reason: 'holds no action', cure: 'write {"actions": [ … ]}', icode: 'AD.302' });
    return [];
  }
  const actions = root.at('actions');
  if (actions.value === undefined) return [root];
  if (!Array.isArray(actions.value))
    actions.error({ reason: 'is no list', cure: 'write [ … ]', icode: 'AD.302' });
  return actions.elements();
}

export function findAction(actions: readonly ConfigNode[], name: string): ConfigNode | null {
  return actions.find((action) => action.at('name').value === name) ?? null;
}

/** Null: the action names none, or it leads out of the adapter's folder. */
export function filePath(node: ConfigNode): string | null {
  const name = node.text();
  if (name === '') return null;
  const inAdapter = posix.join(systemFolder, name.replaceAll('\\', '/'));
  if (
    posix.isAbsolute(name) ||
    /^[A-Za-z]:/.test(name) ||
    inAdapter === '..' ||
    inAdapter.startsWith('../')
  ) {
    node.error({
      reason: `${JSON.stringify(name)} is outside the adapter's folder`,
      cure: 'write a path from entities/.system',
      icode: 'AD.301',
    });
    return null;
  }
  return posix.relative(systemFolder, inAdapter);
}

/** The schema for one direction: its own, or the one for both. */
export function schemaNode(action: ConfigNode, direction: 'requestSchema' | 'responseSchema'): ConfigNode {
  const own = action.at(direction);
  return own.isAbsent && !action.at('schema').isAbsent ? action.at('schema') : own;
}

/** Null: there is none, which is a problem. */
export function readSchema(problems: Problems, files: AdapterFiles, node: ConfigNode): ConfigNode | null {
  node.demand('name the schema file');
  const path = filePath(node);
  if (path === null) return null;
  const text = Object.hasOwn(files, path) ? files[path] : undefined;
  if (text === undefined) {
    node.error({
      reason: `there is no file ${JSON.stringify(path)}`,
      cure: 'add it beside action.json',
      icode: 'AD.301',
    });
    return null;
  }
  const schema = readJsonFile(problems, path, text);
  if (schema !== null && !isMembers(schema.value)) {
    schema.error({ reason: 'is no schema', cure: 'write { "properties": { … } }', icode: 'AD.304' });
  }
  return schema;
}

/** Every file that the actions name, as far as they can be found; for reading them before anything is checked. */
export function namedFiles(actions: readonly ConfigNode[]): string[] {
  const nodes = actions.flatMap((action) => [
    schemaNode(action, 'requestSchema'),
    schemaNode(action, 'responseSchema'),
    responseObject(action).at('mockFile'),
  ]);
  const paths = nodes.filter(({ value }) => typeof value === 'string').map(filePath);
  return [...new Set(paths.filter((path) => path !== null))];
}
