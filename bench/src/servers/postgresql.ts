/** A real PostgreSQL for the bench: durable as in production, on the load's core. @module */
import { execFileSync } from 'node:child_process';
import { startCluster } from '../../../test/harness/cluster.ts';
import { childrenOf } from '../measure/processor-time.ts';
import { loadCore } from './cores.ts';

export interface Postgresql extends AsyncDisposable {
  readonly url: string;
  /** The first process; all others are its children. */
  readonly pid: number;
}

export async function startPostgresql(): Promise<Postgresql> {
  const before = childrenOf(process.pid);
  const cluster = await startCluster({ durability: 'fsync' });
  const [pid = -1] = childrenOf(process.pid).filter((child) => !before.includes(child));
  // Those that it starts from now on inherit the core.
  for (const each of [pid, ...childrenOf(pid)]) pin(each);
  return { url: cluster.url, pid, [Symbol.asyncDispose]: () => cluster.stop() };
}

function pin(pid: number): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(loadCore), String(pid)]);
}
