/** Contenders under load as rows of a table. @module */
import { compare, figuresOf } from '../measure/comparison.ts';
import type { Interleaved, Measured } from '../measure/interleave.ts';
import { shortNumber } from './table.ts';

/** @param ours short name of the contender that all are compared to */
export function loadColumns(ours: string): string[] {
  return ['server', 'req/s', 'CPU µs/req', 'cores busy', 'p50 ms', 'p99 ms', `${ours} is, req/s`, 'by CPU'];
}

/** The first contender is the one that all others are compared to. */
export function loadRows({ measured }: Interleaved): string[][] {
  const [ours] = measured;
  return measured.map((contender) => loadRow(contender, ours ?? contender));
}

function loadRow(contender: Measured, ours: Measured): string[] {
  const { perSecond, cpuMicros, busyCores, p50Ms, p99Ms } = figuresOf(contender);
  const figures = [
    shortNumber(perSecond),
    shortNumber(cpuMicros),
    busyCores.toFixed(2),
    shortNumber(p50Ms),
    shortNumber(p99Ms),
  ];
  const { byWall, byCpu } = compare(ours, contender);
  const ratios = contender === ours ? ['', ''] : [`${byWall.toFixed(2)} ×`, `${byCpu.toFixed(2)} ×`];
  return [contender.name, ...figures, ...ratios];
}

/** How quiet the machine was. */
export function disturbanceNotes({ repeated, disturbed }: Interleaved): string[] {
  const notes: string[] = [];
  if (repeated > 0) notes.push(`${repeated} slices were repeated because others used the machine meanwhile.`);
  if (disturbed > 0) notes.push(`${disturbed} slices count although others used the machine meanwhile.`);
  return notes;
}
