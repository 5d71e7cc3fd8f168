/** The process of one caller: makes calls for as long, or as often, as it is told. @module */
import { setTimeout as delay } from 'node:timers/promises';
import { Latencies } from '../measure/latencies.ts';
import { machineSeconds, processSeconds } from '../measure/processor-time.ts';
import type { Slice } from '../measure/slice.ts';
import { type CallerName, type CallOnce, callers } from './callers.ts';

export type CallerCommand =
  | { readonly kind: 'run'; readonly seconds: number; readonly inFlight: number; readonly apiPid: number }
  | { readonly kind: 'heap'; readonly calls: number };

const [name = '', port = '', home = ''] = process.argv.slice(2);
const call = await callers[name as CallerName]({ port: Number(port), home });

process.on('message', (command: CallerCommand) => void obey(command));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function obey(command: CallerCommand): Promise<void> {
  process.send?.(command.kind === 'run' ? await run(command) : await heapAfter(command.calls));
}

async function run({ seconds, inFlight, apiPid }: Extract<CallerCommand, { kind: 'run' }>): Promise<Slice> {
  const latencies = new Latencies();
  const state = { isOver: false };
  const clocks = (): [wall: number, own: number, api: number, machine: number] => [
    performance.now() / 1000,
    processSeconds(process.pid),
    processSeconds(apiPid),
    machineSeconds(),
  ];
  const before = clocks();
  const working = Promise.all(Array.from({ length: inFlight }, () => work(call, latencies, state)));
  await Promise.race([delay(seconds * 1000), working]);
  state.isOver = true;
  const [wall = 0, own = 0, api = 0, machine = 0] = clocks().map((clock, at) => clock - (before[at] ?? 0));
  const slice = {
    requests: latencies.total,
    seconds: wall,
    cpuSeconds: own,
    neighbourCores: Math.max(0, (machine - own - api) / wall),
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
  };
  await working;
  return slice;
}

async function work(
  once: CallOnce,
  latencies: Latencies,
  state: { readonly isOver: boolean },
): Promise<void> {
  while (!state.isOver) {
    const start = performance.now();
    await once();
    latencies.record(performance.now() - start);
  }
}

const heapInFlight = 50;

/** @returns bytes in use on the heap after so many calls and a full collection */
async function heapAfter(calls: number): Promise<number> {
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: heapInFlight }, worker));
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
