/** Tessera's server that notes no use of API tokens, to show what noting costs. @module */
import { once } from 'node:events';
import { createLog, createServer, loadConfig } from '@tessera/server';

const config = await loadConfig({ env: process.env, workingDirectory: process.cwd(), configFile: null });
const log = createLog(config.logLevel, 'json', process.stdout);
const nectar = { ...config.nectar, recordUseEverySeconds: null };
const server = await createServer({ config: { ...config, nectar }, log, showPassword: () => {} });
log('info', 'listening', { url: await server.listen() });
await once(process, 'SIGTERM');
await server.stop(0);
