/** Copies of the embedded database, made and put back while the server runs. @module */

export interface Backup {
  /** One sentence for who asked. */
  readonly message: string;
  readonly bytes: number;
}

/** Writes a copy of the database as of this moment to the file `to`. */
export async function backupDatabase({ dataDir, to }: { dataDir: string; to: string }): Promise<Backup> {
  throw new Error(`not there yet: ${dataDir} ${to}`);
}

export interface RestoreOptions {
  readonly dataDir: string;
  readonly from: string;
  readonly keepSessions: 'end' | 'keep';
  readonly nowMs: number;
}

export async function restoreDatabase(options: RestoreOptions): Promise<{ readonly message: string }> {
  throw new Error(`not there yet: ${options.from}`);
}
