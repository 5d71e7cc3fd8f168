/** Numbers for Prometheus. A request costs two additions; everything else happens when they are asked for. @module */
import type { Registry } from 'prom-client';

/** Upper bounds in milliseconds. */
const boundsMs = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000] as const;

/** One route's numbers. */
export class RouteMeter {
  readonly labels: Readonly<Record<string, string>>;
  readonly statuses: Map<number, number> = new Map();
  /** Requests by the first bound that holds them; the last entry holds the slowest. */
  readonly buckets: number[] = new Array(boundsMs.length + 1).fill(0);
  sumMs = 0;

  constructor(labels: Readonly<Record<string, string>>) {
    this.labels = labels;
  }

  count(status: number, durationMs: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    let bucket = 0;
    while (bucket < boundsMs.length && durationMs > (boundsMs[bucket] as number)) bucket++;
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1;
    this.sumMs += durationMs;
  }
}

/** A number that is read when somebody asks for the metrics. */
export interface Reading {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly read: () => number;
}

export class Metrics {
  readonly #meters: RouteMeter[] = [];
  readonly #readings: Reading[] = [];
  #registry: Promise<Registry> | null = null;

  meter(labels: Readonly<Record<string, string>>): RouteMeter {
    const meter = new RouteMeter(labels);
    this.#meters.push(meter);
    return meter;
  }

  add(reading: Reading): void {
    this.#readings.push(reading);
  }

  /** In Prometheus' text format. */
  async text(): Promise<{ contentType: string; text: string }> {
    this.#registry ??= startProcessMetrics();
    const registry = await this.#registry;
    const own = [this.#requests(), this.#durations(), ...this.#readings.map(readingText)].join('\n');
    return { contentType: registry.contentType, text: `${own}\n${await registry.metrics()}` };
  }

  #requests(): string {
    const lines = this.#meters.flatMap((meter) =>
      [...meter.statuses].map(
        ([status, count]) =>
          `tessera_http_requests_total{${labelText({ ...meter.labels, status: String(status) })}} ${count}`,
      ),
    );
    return [
      ...head('tessera_http_requests_total', 'Answers, by route and status.', 'counter'),
      ...lines,
    ].join('\n');
  }

  #durations(): string {
    const used = this.#meters.filter((meter) => meter.statuses.size > 0);
    return [
      ...head('tessera_http_request_duration_seconds', 'Time from headers read to answer sent.', 'histogram'),
      ...used.flatMap(histogramLines),
    ].join('\n');
  }
}

/** Loaded by the first who asks: a server nobody scrapes pays nothing. */
async function startProcessMetrics(): Promise<Registry> {
  const { Registry: ProcessRegistry, collectDefaultMetrics } = await import('prom-client');
  const registry = new ProcessRegistry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

function histogramLines(meter: RouteMeter): string[] {
  const name = 'tessera_http_request_duration_seconds';
  const labels = labelText(meter.labels);
  let total = 0;
  const lines = meter.buckets.map((count, index) => {
    total += count;
    const bound = boundsMs[index];
    return `${name}_bucket{${labels},le="${bound === undefined ? '+Inf' : bound / 1000}"} ${total}`;
  });
  return [...lines, `${name}_sum{${labels}} ${meter.sumMs / 1000}`, `${name}_count{${labels}} ${total}`];
}

function readingText({ name, help, type, read }: Reading): string {
  return [...head(name, help, type), `${name} ${read()}`].join('\n');
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, '_')}"`)
    .join(',');
}
