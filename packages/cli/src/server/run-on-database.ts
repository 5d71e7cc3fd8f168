/** What `backup` and `restore` have in common. @module */
import type { Invocation } from '../program/command.ts';
import { LocalError } from '../program/errors.ts';
import { printAnswer, printLine, remark } from '../terminal/print.ts';

type Server = typeof import('@tessera/server');

/** The server is loaded only here: everything else on the command line starts without it. */
export async function runOnDatabase(
  progress: string,
  { context, globals }: Invocation,
  work: (server: Server) => Promise<{ readonly message: string }>,
): Promise<void> {
  remark(progress, context);
  const report = await work(await import('@tessera/server')).catch((error: unknown) => {
    throw error instanceof Error ? new LocalError(error.message) : error;
  });
  if (globals.json) printAnswer({ status: 200, body: { ...report } }, context);
  else printLine(report.message, context);
}
