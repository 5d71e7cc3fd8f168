/** The command line as it is published. @module */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);
const bundle = fileURLToPath(new URL('packages/cli/dist/', root));

export const commandLine: string = fileURLToPath(new URL('packages/cli/bin/tessera.js', root));

/** Built; what was not there before goes again, so that the sources are what runs in this clone. */
export function buildBundle(): Disposable {
  const wasBuilt = existsSync(bundle);
  const script = fileURLToPath(new URL('scripts/build.ts', root));
  const build = spawnSync(process.execPath, [script, 'cli'], { encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`the command line does not build: ${build.stdout}${build.stderr}`);
  return {
    [Symbol.dispose]: () => {
      if (!wasBuilt) rmSync(bundle, { recursive: true });
    },
  };
}
