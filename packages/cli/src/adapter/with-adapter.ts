/** Runs a command with a client of an adapter, and says what went wrong as a script or a human wants it. @module */
import { ConfigurationError, problemText, type TokenClient, TokenClientError } from '@tessera/client';
import type { Invocation } from '../program/command.ts';
import { ExitError, LocalError } from '../program/errors.ts';
import { printLine, warn } from '../terminal/print.ts';
import { type AdapterOptions, openAdapter } from './open-adapter.ts';

/** @throws {LocalError} @throws {ExitError} 1: what went wrong is printed already */
export async function withAdapter(
  options: AdapterOptions,
  invocation: Invocation,
  run: (client: TokenClient) => Promise<void>,
): Promise<void> {
  const { context, globals } = invocation;
  try {
    const client = await openAdapter(options, invocation);
    for (const problem of client.warnings) warn(problemText(problem), context);
    try {
      await run(client);
    } finally {
      await client.close();
    }
  } catch (error) {
    if (!(error instanceof TokenClientError)) throw error;
    if (!globals.json) throw new LocalError(error.message);
    printLine(JSON.stringify({ error: fieldsOf(error) }, null, 2), context);
    throw new ExitError(1);
  }
}

function fieldsOf(error: TokenClientError): object {
  const { kind, stage, message, status, method, url, excerpt, cure, attempts, icode } = error;
  const fields = { kind, stage, message, status, method, url, excerpt, cure, attempts, icode };
  return error instanceof ConfigurationError ? { ...fields, problems: error.problems } : fields;
}
