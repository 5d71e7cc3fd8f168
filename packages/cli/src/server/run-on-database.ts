/** What `backup` and `restore` have in common. @module */
import type { Invocation } from '../program/command.ts';
import { LocalError } from '../program/errors.ts';
import { printAnswer, printLine, remark } from '../terminal/print.ts';

/**
 * Does work that may take long, and prints the report of it.
 *
 * @throws {LocalError} for every failure of it: it is about this machine's files
 */
export async function runOnDatabase(
  progress: string,
  { context, globals }: Invocation,
  work: () => Promise<{ readonly message: string }>,
): Promise<void> {
  remark(progress, context);
  const report = await work().catch((error: unknown) => {
    throw error instanceof Error ? new LocalError(error.message) : error;
  });
  if (globals.json) printAnswer({ status: 200, body: { ...report } }, context);
  else printLine(report.message, context);
}
