/** File systems that only one process of a test sees: full ones, read-only ones. @module */
import { spawnSync } from 'node:child_process';

const mounting = ['--user', '--map-root-user', '--mount', 'sh', '-c'];

/** False in containers that forbid it; there a test has to make do with a limit of the process. */
export const mayMount: boolean = spawnSync('unshare', [...mounting, 'mount -t tmpfs none /mnt']).status === 0;

/** The command and its arguments that run a shell script, which may mount what it likes for itself. */
export function withOwnMounts(script: string): readonly [command: string, args: readonly string[]] {
  return ['unshare', [...mounting, script]];
}
