/**
 * Two of Tessera's servers in one process, of which the second notes no use of API tokens. All that differs is the noting, not
 * how one process or another happened to compile the code.
 * @module
 */
import { once } from 'node:events';
import { createLog, createServer, loadConfig, type TesseraServer } from '@tessera/server';

const log = createLog('info', 'json', process.stdout);

async function open(dataDir: string | undefined, noting: 'noted' | 'unnoted'): Promise<TesseraServer> {
  const env = { ...process.env, TESSERA_DATA_DIR: dataDir };
  const config = await loadConfig({ env, workingDirectory: process.cwd(), configFile: null });
  const unnoted = { ...config.nectar, recordUseEverySeconds: null };
  const nectar = noting === 'noted' ? config.nectar : unnoted;
  return await createServer({ config: { ...config, nectar }, log, showPassword: () => {} });
}

const noted = await open(process.env.TESSERA_DATA_DIR, 'noted');
const unnoted = await open(process.env.BENCH_UNNOTED_DATA_DIR, 'unnoted');
log('info', 'listening', { url: await noted.listen(), unnotedUrl: await unnoted.listen() });
await once(process, 'SIGTERM');
await Promise.all([noted.stop(0), unnoted.stop(0)]);
