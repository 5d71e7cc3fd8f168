/**
 * The command line as one program: a bundle that starts at once, with each command's file as a chunk of its own and the server
 * outside, loaded by the commands that run one.
 * @module
 */
import { fileURLToPath } from 'node:url';
import { build, type RolldownOutput } from 'rolldown';

/** @param folder to write it to @returns what was written */
export async function bundleCommandLine(folder: string): Promise<RolldownOutput> {
  return await build({
    input: fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url)),
    platform: 'node',
    preserveEntrySignatures: false,
    // Native, or installed by those alone who need it.
    external: [/^node:/, '@tessera/server', '@napi-rs/keyring', /^@azure\//],
    resolve: { conditionNames: ['source', 'node', 'import'] },
    transform: { define: { TESSERA_BUILD_DATE: JSON.stringify(buildDate()) } },
    output: {
      dir: folder,
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
