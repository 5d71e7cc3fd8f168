/**
 * The limit of password logins: nothing but the hash, as many at once as there are cores.
 *
 * Works for as many seconds as each message says, and answers with the slice.
 * @module
 */
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { machineSeconds, processSeconds } from '../measure/processor-time.ts';
import type { Slice } from '../measure/slice.ts';

const password = 'Bench-mark-1';
const phc = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });

process.on('message', async (seconds: number) => process.send?.(await work(seconds)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function work(seconds: number): Promise<Slice> {
  const [start, cpu, machine] = [performance.now(), processSeconds(process.pid), machineSeconds()];
  const elapsed = (): number => (performance.now() - start) / 1000;
  let requests = 0;
  const loop = async (): Promise<void> => {
    for (; elapsed() < seconds; requests++) await verify(phc, password);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, loop));
  const took = elapsed();
  const cpuSeconds = processSeconds(process.pid) - cpu;
  const neighbourCores = Math.max(0, (machineSeconds() - machine - cpuSeconds) / took);
  return { requests, seconds: took, cpuSeconds, neighbourCores, p50Ms: null, p99Ms: null };
}
