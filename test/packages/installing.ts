/** Packages as programs get them: built, packed, and installed from the archives in an empty folder, without a network. @module */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';

const root = fileURLToPath(new URL('../..', import.meta.url));
const attw = fileURLToPath(
  new URL('dist/index.js', import.meta.resolve('@arethetypeswrong/cli/package.json')),
);

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Without the condition by which this repository runs from its sources. */
async function run(command: string, args: readonly string[], cwd: string): Promise<Run> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { ...env, npm_config_node_options: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  return { code, output: out + errors };
}

/** @returns what it wrote */
async function succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, output } = await run(command, args, cwd);
  assert.equal(code, 0, output);
  return output;
}

/** Archives of our packages, and of those of others that they depend on. */
export interface Packed {
  readonly folder: string;
  readonly archive: (name: string) => string;
  remove(): void;
}

/** @param names of folders below `packages/`, each after those it depends on */
export async function packAll(names: readonly string[]): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-packages-'));
  await succeed(process.execPath, ['scripts/build.ts', ...names], root);
  const pack = (path: string): Promise<string> =>
    succeed('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], path);
  for (const name of names) await pack(join(root, 'packages', name));
  return {
    folder,
    archive: (name) => join(folder, `tessera-${name}-0.1.0.tgz`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A program with nothing but the given packages, and with the packages of others that they need. */
export async function installInto(packed: Packed, app: string, names: readonly string[]): Promise<string> {
  const path = join(packed.folder, app);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  const others = await packOthers(packed, names);
  const archives = [...names.map(packed.archive), ...others];
  // What is optional is for those who ask for it.
  const flags = [
    '--offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--omit=optional',
    '--omit=peer',
  ];
  await succeed('npm', ['install', ...flags, ...archives], path);
  return path;
}

/** From this repository's own node_modules, where `npm ci` has put what the lock file names. */
async function packOthers({ folder }: Packed, names: readonly string[]): Promise<string[]> {
  const needed = new Map<string, string>();
  const collect = (home: string): void => {
    for (const name of Object.keys(dependenciesOf(home))) {
      if (name.startsWith('@tessera/') || needed.has(name)) continue;
      const nested = join(home, 'node_modules', name);
      needed.set(name, existsSync(nested) ? nested : join(root, 'node_modules', name));
      collect(needed.get(name) ?? '');
    }
  };
  for (const name of names) collect(join(root, 'packages', name));
  if (needed.size === 0) return [];
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const said = await succeed('npm', [...args, ...needed.values()], root);
  const archives = JSON.parse(said) as readonly { readonly filename: string }[];
  return archives.map(({ filename }) => join(folder, filename));
}

function dependenciesOf(home: string): Readonly<Record<string, string>> {
  const { dependencies = {} } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return dependencies;
}

/** Names of the packages that are installed, with their scopes. */
export function installed(app: string): string[] {
  const names = (path: string): string[] =>
    readdirSync(join(app, path)).filter((name) => !name.startsWith('.'));
  return names('node_modules')
    .flatMap((name) =>
      name.startsWith('@') ? names(join('node_modules', name)).map((inner) => `${name}/${inner}`) : [name],
    )
    .sort();
}

/** Types resolve from every door, for Node and for bundlers, and the package is written as npm wants it. */
export async function assertPublishable(packed: Packed, app: string, name: string): Promise<void> {
  const args = [attw, packed.archive(name), '--profile', 'esm-only', '--no-emoji'];
  await succeed(process.execPath, args, packed.folder);
  const pkgDir = join(app, 'node_modules', '@tessera', name);
  const { messages } = await publint({ pkgDir, pack: false, strict: true });
  assert.deepEqual(messages, []);
}

/** Compiles and runs a program. @returns what it wrote */
export async function runProgram(app: string, program: string): Promise<string> {
  writeFileSync(join(app, 'main.ts'), program);
  const compilerOptions = {
    module: 'nodenext',
    target: 'esnext',
    strict: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck: false,
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  // Types of Node are the program's own; everything else is what was installed.
  mkdirSync(join(app, 'node_modules', '@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types']) {
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
  }
  await succeed(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.'], app);
  return succeed(process.execPath, ['main.ts'], app);
}

/** Runs a program that nobody saves from what it throws. @returns what it wrote */
export async function failingProgram(app: string, program: string): Promise<string> {
  writeFileSync(join(app, 'fails.mjs'), program);
  const { code, output } = await run(process.execPath, ['fails.mjs'], app);
  assert.equal(code, 1, output);
  return output;
}
