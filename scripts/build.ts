/**
 * Builds what is published: `npm run build`.
 *
 * The libraries are compiled file by file, with their types; the command line becomes a bundle that starts at once, with
 * each command's file as a chunk of its own and the server outside, loaded by the commands that run one.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Each after those it imports, whose built types it is compiled against. */
const libraries = ['token', 'guard', 'client', 'server'];

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

for (const name of libraries.filter(isWanted)) {
  if (existsSync(join(root, 'packages', name, 'src', 'index.ts')))
    compileLibrary(join(root, 'packages', name));
}
if (isWanted('cli')) await bundleCommandLine(join(root, 'packages', 'cli'));

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

async function bundleCommandLine(folder: string): Promise<void> {
  emptyFolder(join(folder, 'dist'));
  await build({
    input: join(folder, 'src', 'main.ts'),
    platform: 'node',
    preserveEntrySignatures: false,
    // Native, or installed by those alone who need it.
    external: [/^node:/, '@tessera/server', '@napi-rs/keyring', /^@azure\//],
    resolve: { conditionNames: ['source', 'node', 'import'] },
    transform: { define: { TESSERA_BUILD_DATE: JSON.stringify(buildDate()) } },
    output: {
      dir: join(folder, 'dist'),
      format: 'esm',
      minify: true,
      chunkFileNames: '[name].js',
      // What most commands share is one chunk: to open twenty small files takes longer than to read one of 40 kB. The client
      // of other APIs, and vaults, are for a few.
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [
          {
            name: 'shared',
            test: /packages\/(?:client\/src\/(?:tessera\/|index)|token\/|cli\/src\/(?:config|connect|login|terminal)\/)/,
          },
        ],
      },
    },
  });
}

/** `SOURCE_DATE_EPOCH` (seconds) makes a build repeatable: reproducible-builds.org. */
function buildDate(): string {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  return new Date(epoch === undefined ? Date.now() : Number(epoch) * 1000).toISOString();
}

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
