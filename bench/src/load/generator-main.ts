/** The process of the load generator: does what the bench tells it. @module */
import { setTimeout as delay } from 'node:timers/promises';
import { Latencies } from '../measure/latencies.ts';
import { familySeconds, machineSeconds, processSeconds } from '../measure/processor-time.ts';
import type { Slice } from '../measure/slice.ts';
import { Connection } from './connection.ts';
import type { Command, Report, Watched } from './messages.ts';

interface Opened {
  readonly watched: Watched;
  readonly connections: readonly Connection[];
}

const opened = new Map<number, Opened>();

process.on('message', (command: Command) => void obey(command));
process.on('disconnect', () => process.exit());

async function obey(command: Command): Promise<void> {
  const { id } = command;
  if (command.kind === 'open') {
    const { load, watched } = command;
    const connections = load.requests.map((requests) => new Connection(load, requests));
    opened.set(id, { watched, connections });
    return;
  }
  try {
    report({ kind: 'slice', id, slice: await run(opened.get(id) as Opened, command.seconds) });
  } catch (error) {
    report({ kind: 'failure', id, message: error instanceof Error ? error.message : String(error) });
  }
}

async function run({ connections, watched }: Opened, seconds: number): Promise<Slice> {
  for (const connection of connections) await connection.open();
  const latencies = new Latencies();
  const state = { isOver: false };
  const before = readClocks(watched);
  const working = Promise.all(
    connections.map((connection) => connection.work(latencies, () => state.isOver)),
  );
  await Promise.race([delay(seconds * 1000), working]);
  state.isOver = true;
  const after = readClocks(watched);
  const slice = sliceOf(latencies, before, after);
  await working;
  return slice;
}

/** All in seconds. */
interface Clocks {
  readonly wall: number;
  readonly server: number;
  readonly helper: number;
  readonly generator: number;
  readonly machine: number;
}

function readClocks({ pid, helperPid }: Watched): Clocks {
  return {
    wall: performance.now() / 1000,
    server: processSeconds(pid),
    helper: helperPid === null ? 0 : familySeconds(helperPid),
    generator: processSeconds(process.pid),
    machine: machineSeconds(),
  };
}

function sliceOf(latencies: Latencies, before: Clocks, after: Clocks): Slice {
  const spent = (clock: keyof Clocks): number => after[clock] - before[clock];
  const seconds = spent('wall');
  const others = spent('machine') - spent('server') - spent('helper') - spent('generator');
  return {
    requests: latencies.total,
    seconds,
    cpuSeconds: spent('server'),
    neighbourCores: Math.max(0, others / seconds),
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
  };
}

function report(said: Report): void {
  process.send?.(said);
}
