/** What Tessera takes: memory, time to start, and what many sessions cost. @module */
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import type { Table } from '../report/table.ts';
import { install } from '../servers/tessera.ts';
import { commandLineRow } from './footprint/command-line.ts';
import { manySessionsRow } from './footprint/many-sessions.ts';
import { restingRow } from './footprint/resting.ts';
import { startingRow } from './footprint/starting.ts';

export async function footprintTable(bench: Bench): Promise<Table> {
  const dataDir = join(bench.folder, 'tessera');
  const installation = await install({
    dataDir,
    databaseUrl: null,
    users: 1000,
    sessions: 10_000,
    tokens: 1,
  });
  const rows = [
    await restingRow(installation),
    await startingRow(bench, installation),
    commandLineRow(bench),
    await manySessionsRow(bench),
  ];
  return {
    title: 'Footprint',
    method:
      'The server from source on an existing SQLite database of 10,000 sessions; the command line as it is published; medians.',
    columns: ['what', 'Tessera', 'beside it', 'takes', 'ratio'],
    rows: rows.map(({ cells }) => cells),
    verdicts: rows.map(({ verdict }) => verdict),
    notes: rows.flatMap(({ notes }) => notes),
  };
}
