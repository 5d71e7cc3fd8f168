/** Tessera's server with a commit of its own for every write, to show what group commit is worth. @module */
import { once } from 'node:events';
import { createLog, createServer, loadConfig } from '@tessera/server';

const config = await loadConfig({ env: process.env, workingDirectory: process.cwd(), configFile: null });
const log = createLog(config.logLevel, 'json', process.stdout);
const server = await createServer({ config, log, showPassword: () => {}, maxGroupSize: 1 });
log('info', 'listening', { url: await server.listen() });
await once(process, 'SIGTERM');
await server.stop(0);
