/** Reads an adapter from disk and compiles it. @module */
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { TokenPlan } from '../plan/token-plan.ts';
import { type AdapterFiles, actionFile, namedFiles, readActions } from './actions.ts';
import type { AdapterOptions } from './adapter-options.ts';
import { compileAdapter } from './compile-adapter.ts';
import { Problems } from './problems.ts';
import { serviceNode } from './service-node.ts';
import { tlsFiles } from './tls.ts';

/** Room for any schema, and too little for what is no schema. */
const maximumFileBytes = 4 * 1024 * 1024;

/**
 * @param dir the adapter's home, with `entities/.system` in it, or the `.system` folder itself
 * @param properties the service configuration
 * @throws {ConfigurationError} with every problem of both
 * @see spec, section 4
 */
export async function loadTokenPlan(
  dir: string,
  properties: unknown,
  options: AdapterOptions = {},
): Promise<TokenPlan> {
  const { home, system } = await foldersOf(resolve(dir));
  const files = { ...(await readTlsFiles(properties)), ...(await readAdapterFiles(home, system)) };
  return compileAdapter(files, properties, { ...options, adapterId: options.adapterId ?? basename(home) });
}

async function foldersOf(dir: string): Promise<{ home: string; system: string }> {
  const inner = join(dir, 'entities', '.system');
  const isHome = await stat(inner).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isHome) return { home: dir, system: inner };
  const isInHome = basename(dir) === '.system' && basename(dirname(dir)) === 'entities';
  return { home: isInHome ? dirname(dirname(dir)) : dir, system: dir };
}

/** What cannot be read is left out, and told when it is missed. */
async function readAdapterFiles(home: string, system: string): Promise<AdapterFiles> {
  const actions = await readWithin(home, join(system, actionFile));
  if (actions === null) return {};
  const first = { [actionFile]: actions };
  const names = namedFiles(readActions(new Problems(), first));
  return { ...first, ...(await readAll(names, (name) => readWithin(home, join(system, name)))) };
}

async function readTlsFiles(properties: unknown): Promise<AdapterFiles> {
  const names = tlsFiles(serviceNode(new Problems(), properties).properties.at('ssl'));
  return readAll(names, readText);
}

async function readAll(
  names: readonly string[],
  read: (name: string) => Promise<string | null>,
): Promise<AdapterFiles> {
  const files: Record<string, string> = {};
  for (const name of names) {
    const text = await read(name);
    if (text !== null) files[name] = text;
  }
  return files;
}

/** Follows no link out of the adapter's folder. */
async function readWithin(home: string, path: string): Promise<string | null> {
  try {
    const [root, real] = await Promise.all([realpath(home), realpath(path)]);
    return real.startsWith(root + sep) ? await readText(real) : null;
  } catch {
    return null;
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    // A device or a pipe has no size, and perhaps no end.
    if (!found.isFile() || found.size > maximumFileBytes) return null;
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
