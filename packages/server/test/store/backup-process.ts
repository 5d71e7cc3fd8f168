/** Makes a backup, as the command line does: from another process than the server. @module */
import { backupDatabase } from '../../src/store/backup.ts';

const [dataDir = '', to = ''] = process.argv.slice(2);
await backupDatabase({ dataDir, to });
