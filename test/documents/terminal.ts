/** A user's shell for documents: an empty home, the commands `tessera`, `ksctl`, `jq` and `oathtool` on the path. @module */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFolder } from '../harness/run-folder.ts';

/** Where commands are typed. */
export interface Terminal {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** The shell script that runs `command` with the variables exported so far, and keeps those it exports. */
  script(command: string): string;
  /** Moves the clock that codes for a second factor go by. */
  advance(ms: number): void;
  /** Removes the home. */
  close(): void;
}

const commands = {
  tessera: new URL('../../packages/cli/bin/tessera.js', import.meta.url),
  ksctl: new URL('../../packages/cli/bin/ksctl.js', import.meta.url),
  // For machines without jq: enough of it for `| jq -r .jwt`.
  jq: new URL('./jq.js', import.meta.url),
  oathtool: new URL('../harness/fixtures/oathtool.ts', import.meta.url),
};

/** Opens a terminal; its user has no configuration yet. */
export function openTerminal(): Terminal {
  const home = mkdtempSync(join(tmpdir(), 'tessera-home-'));
  const bin = join(home, '.bin');
  mkdirSync(bin);
  for (const [name, file] of Object.entries(commands)) {
    chmodSync(file, 0o755);
    symlinkSync(fileURLToPath(file), join(bin, name));
  }
  // As if the packages were installed there.
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(home, 'node_modules'));
  const exported = join(home, '.exported');
  writeFileSync(exported, '');
  let aheadMs = 0;
  return {
    home,
    env: {
      HOME: home,
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
      NODE_OPTIONS: '--conditions=source',
      // Of all processes of a run: most of a start from source is reading the same sources.
      NODE_COMPILE_CACHE: join(runFolder(), 'compile-cache'),
    },
    script: (command) => `. ${exported}\n${command}\nexit=$?\nexport -p > ${exported}\nexit $exit\n`,
    advance(ms) {
      aheadMs += ms;
      writeFileSync(join(home, '.clock'), String(aheadMs));
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
