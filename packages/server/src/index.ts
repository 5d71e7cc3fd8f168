/** `@tessera/server`: the token server, to be run by a command or a benchmark. @module */

export {
  type ImportRequest,
  importKey,
  type KeyReport,
  listKeys,
  type RotateRequest,
  removeKey,
  rotateKey,
} from './app/manage-keys.ts';
export { type Output, type RunOptions, runServer } from './app/run-server.ts';
export { createServer, type ServerOptions, type TesseraServer } from './app.ts';
export { type Config, ConfigError } from './config/config.ts';
export { loadConfig } from './config/load-config.ts';
export type { ConfigSource, Environment } from './config/read-texts.ts';
export { createLog, type Log } from './http/log.ts';
export { backupDatabase, restoreDatabase } from './store/backup.ts';
