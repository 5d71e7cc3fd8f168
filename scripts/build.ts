/**
 * Builds what is published: `npm run build`.
 *
 * The libraries that programs install become small bundles, one file for each of their doors, with the types that can be reached
 * from there; the others are compiled file by file. The command line becomes one bundle (bundle-command-line.ts).
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { parseSync, Visitor } from 'rolldown/utils';
import { bundleCommandLine } from './bundle-command-line.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Each after those it imports, whose built types it is compiled against. */
const libraries = ['token', 'guard', 'client', 'server'];
/** Of these every kilobyte counts: they are installed in front of other people's APIs. */
const bundled = ['token', 'guard'];
/** Types that somebody writes against keep their words; those in between are for the compiler alone. */
const typesForReaders =
  /\/token\/dist\/|\/(?:options|nectar)\.d\.ts$|\/methods\/(?:basic|login|jwt|jwt-keys|public-key-jwt)\.d\.ts$/;

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

for (const name of libraries.filter(isWanted)) {
  const folder = join(root, 'packages', name);
  if (!existsSync(join(folder, 'src', 'index.ts'))) continue;
  compileLibrary(folder);
  if (bundled.includes(name)) await bundleLibrary(folder);
}
if (isWanted('cli')) {
  const folder = join(root, 'packages', 'cli', 'dist');
  emptyFolder(folder);
  await bundleCommandLine(folder);
}

function compileLibrary(folder: string): void {
  const project = join(folder, 'dist', 'tsconfig.json');
  emptyFolder(join(folder, 'dist'));
  const compilerOptions = { noEmit: false, customConditions: [], rootDir: '../src', outDir: '.' };
  writeFileSync(
    project,
    JSON.stringify({ extends: '../../../tsconfig.json', compilerOptions, include: ['../src'] }),
  );
  const { status } = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', project], {
    stdio: 'inherit',
  });
  rmSync(project);
  if (status !== 0) throw new Error(`${folder} does not compile`);
}

interface Door {
  readonly source: string;
  readonly types: string;
  readonly default: string;
}

/** Puts one small file in the place of many, and leaves out the types that no door leads to. */
async function bundleLibrary(folder: string): Promise<void> {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, Door>>;
  };
  const doors = Object.values(exports);
  for (const file of globSync('dist/**/*.js', { cwd: folder })) rmSync(join(folder, file));
  await build({
    input: Object.fromEntries(
      doors.map((door) => [door.default.replace(/^\.\/dist\/|\.js$/g, ''), join(folder, door.source)]),
    ),
    platform: 'node',
    external: [/^node:/, /^@tessera\//],
    output: {
      dir: join(folder, 'dist'),
      format: 'esm',
      comments: false,
      minify: { mangle: { keepNames: { function: false, class: true } } },
      codeSplitting: { groups: [{ name: 'shared', test: /\/src\//, minShareCount: 2 }] },
    },
  });
  for (const file of globSync('dist/**/*.js', { cwd: folder })) breakLines(join(folder, file));
  const reached = new Set<string>();
  for (const door of doors) reachTypes(join(folder, door.types), reached);
  for (const file of globSync('dist/**/*.d.ts', { cwd: folder })) {
    if (reached.has(join(folder, file))) slimTypes(join(folder, file));
    else rmSync(join(folder, file));
  }
}

/**
 * Short lines, each ending with a statement: whoever is told of an error is shown the line that threw it, and not the whole file.
 */
function breakLines(file: string): void {
  const code = readFileSync(file, 'utf8');
  const starts = new Set<number>();
  new Visitor({
    Program: ({ body }) => startsOf(body, starts),
    BlockStatement: ({ body }) => startsOf(body, starts),
    ClassBody: ({ body }) => startsOf(body, starts),
    SwitchStatement: ({ cases }) => startsOf(cases, starts),
  }).visit(parseSync(file, code).program);
  const lines: string[] = [];
  let lineStart = 0;
  for (const start of [...starts].sort((one, other) => one - other)) {
    if (start - lineStart < 120) continue;
    lines.push(code.slice(lineStart, start));
    lineStart = start;
  }
  writeFileSync(file, [...lines, code.slice(lineStart)].join('\n'));
}

function startsOf(nodes: readonly { readonly start: number }[], starts: Set<number>): void {
  for (const { start } of nodes) starts.add(start);
}

function slimTypes(file: string): void {
  const withoutHeader = readFileSync(file, 'utf8').replace(/\/\*\*(?:(?!\*\/)[\s\S])*?@module\s*\*\/\n?/, '');
  writeFileSync(
    file,
    typesForReaders.test(file)
      ? withoutHeader.replace(/^(?: {4})+/gm, (indent) => '\t'.repeat(indent.length / 4))
      : withoutHeader.replace(/[ \t]*\/\*\*[\s\S]*?\*\/\n?/g, '').replace(/(?<=[;{])\s+|^\s+/gm, ''),
  );
}

function reachTypes(file: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)\.ts'/g)) {
    reachTypes(resolve(dirname(file), `${target}.d.ts`), reached);
  }
}

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
