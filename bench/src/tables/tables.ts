/** Every table by its name, in the order they are made. @module */
import type { Bench } from '../bench.ts';
import type { Table } from '../report/table.ts';
import { clientTable } from './client.ts';
import { clientHeapTable } from './client-heap.ts';
import { footprintTable } from './footprint.ts';
import { guardTable } from './guard.ts';
import { guardChecksTable } from './guard-checks.ts';
import { guardFeedTable } from './guard-feed.ts';
import { introspectionTable } from './introspection.ts';
import { loginTable } from './login.ts';
import { nebularstackTable } from './nebularstack.ts';
import { nectarTable } from './nectar.ts';
import { parallelCallsTable } from './parallel-calls.ts';
import { refreshTable } from './refresh.ts';
import { refreshPostgresqlTable } from './refresh-postgresql.ts';
import { slowDiskTable } from './slow-disk.ts';
import { tokenTable } from './token.ts';

export const tables: ReadonlyMap<string, (bench: Bench) => Promise<Table>> = new Map([
  ['token', tokenTable],
  ['refresh', refreshTable],
  ['refresh-postgresql', refreshPostgresqlTable],
  ['login', loginTable],
  ['introspection', introspectionTable],
  ['guard', guardTable],
  ['guard-checks', guardChecksTable],
  ['guard-feed', guardFeedTable],
  ['nebularstack', nebularstackTable],
  ['nectar', nectarTable],
  ['client', clientTable],
  ['client-heap', clientHeapTable],
  ['footprint', footprintTable],
  ['parallel-calls', parallelCallsTable],
  ['slow-disk', slowDiskTable],
]);
