/** Why a server did not start, in one line that says the cure; never with a stack trace. @module */
import type { Config } from '../config/config.ts';
import { MasterKeyError } from '../crypto/master-key.ts';
import { DatabaseUnavailable } from '../store/database.ts';

export interface StartFailure {
  /** Exit code: 2 for what is configured wrong, else 1. */
  readonly code: 1 | 2;
  readonly message: string;
}

/** @param config null when it could not be read */
export function startFailure(error: unknown, config: Config | null): StartFailure {
  if (error instanceof MasterKeyError) return { code: 2, message: error.message };
  if (!(error instanceof Error)) return { code: 1, message: 'could not start' };
  if (error instanceof DatabaseUnavailable && config !== null)
    return { code: 1, message: `${error.message}; ${databaseCure(config)}` };
  return { code: 1, message: listenFailure(error) ?? error.message };
}

function databaseCure({ databaseUrl, dataDir }: Config): string {
  return databaseUrl === null
    ? `look into ${dataDir}, or set TESSERA_DATA_DIR to another folder`
    : 'see that it runs and lets this server in, or correct TESSERA_DATABASE_URL';
}

interface ListenError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
}

function listenFailure(error: ListenError): string | null {
  const where = `${error.address}:${error.port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${error.port} on ${error.address} is in use; stop what listens there, or set TESSERA_PORT`;
    case 'EADDRNOTAVAIL':
      return `${error.address} is no address of this machine; set TESSERA_HOST`;
    case 'EACCES':
      return error.syscall === 'listen'
        ? `${where} may not be listened on; set TESSERA_PORT above 1023`
        : null;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return error.syscall === 'getaddrinfo'
        ? `the host in TESSERA_HOST has no address: ${error.message}`
        : null;
    default:
      return null;
  }
}
