/** Programs of the system that some tests run for real: installed where they are missing and may be. @module */
import { spawnSync } from 'node:child_process';

/**
 * Makes sure that `program` can be run. On Debian and its children, as root or with sudo that asks for nothing, the
 * package is installed; elsewhere somebody has to.
 *
 * @throws where the program is missing and cannot be installed, with what to do
 */
export function requireProgram(program: string, debianPackage: string): void {
  if (isThere(program)) return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
  const apt = [...asRoot, 'apt-get', '--quiet', '--yes', '-o', 'DPkg::Lock::Timeout=120'];
  const run = (...args: string[]): string => {
    const [command = '', ...rest] = [...apt, ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { stderr, error } = spawnSync(command, rest, { env, encoding: 'utf8', input: '' });
    return error?.message ?? stderr;
  };
  const install = (): string => run('install', '--no-install-recommends', debianPackage);
  // Where the lists of packages are old, the first try may fail.
  const said = isThere(program)
    ? ''
    : `${install()}${isThere(program) ? '' : `${run('update')}${install()}`}`;
  if (isThere(program)) return;
  throw new Error(
    `this test needs ${program}; install the package ${debianPackage} by hand (${said.trim()})`,
  );
}

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
