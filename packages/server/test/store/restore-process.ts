/** Restores a backup, after saying that it begins. @module */
import { writeSync } from 'node:fs';
import { restoreDatabase } from '../../src/store/backup.ts';
import { startMs } from './records.ts';

const [dataDir = '', from = ''] = process.argv.slice(2);
writeSync(1, 'begins\n');
await restoreDatabase({ dataDir, from, keepSessions: 'end', nowMs: startMs });
