// Runs the program, by Node 26. Plain JavaScript that Node 18 still understands: it is what gets started when the system's
// Node is old. Loads no more than that takes; what starts another Node is in a file of its own.
import { existsSync } from 'node:fs';

const neededMajor = 26;
const built = new URL('../dist/main.js', import.meta.url);
const source = new URL('../src/main.ts', import.meta.url);

const isBuilt = existsSync(built);
// Run from source, the workspace's packages are found by a condition that only a flag can set.
const flags = isBuilt ? [] : ['--conditions=source'];
const hasFlags = flags.every((flag) => `${process.execArgv} ${process.env.NODE_OPTIONS}`.includes(flag));
const isNewEnough = Number(process.versions.node.split('.')[0]) >= neededMajor;

if (isNewEnough && hasFlags) {
  await import((isBuilt ? built : source).href);
} else {
  const { restart } = await import('./restart.js');
  restart(isNewEnough ? process.execPath : null, flags, neededMajor);
}
