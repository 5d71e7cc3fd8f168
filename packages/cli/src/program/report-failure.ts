/** Says on standard error why a command failed, and decides the exit code. @module */
import { AnswerError, RefusedError, UnreachableError } from '@tessera/client';
import type { Context } from './context.ts';
import { ExitError, InterruptedError, LocalError, UsageError } from './errors.ts';

/** Interrupted by SIGINT, as shells count it. */
const interrupted = 130;

/**
 * 1: refused or failed; 2: not understood.
 *
 * A refusal is printed as the server's own JSON, for programs to read; everything else as plain text.
 */
export function reportFailure(error: unknown, context: Context): number {
  if (error instanceof InterruptedError) return interrupted;
  if (error instanceof ExitError) return error.code;
  context.stderr.write(`${wording(error, context)}\n`);
  return error instanceof UsageError ? 2 : 1;
}

function wording(error: unknown, context: Context): string {
  if (error instanceof RefusedError && error.body !== null) return JSON.stringify(error.body, null, 2);
  if (error instanceof UsageError)
    return `${error.message}\nRun "${context.personality.name} help" for usage.`;
  if (error instanceof UnreachableError && error.fault === 'certificate')
    return `${error.message}\n${certificateHint}`;
  const isExpected = [RefusedError, UnreachableError, AnswerError, LocalError].some(
    (kind) => error instanceof kind,
  );
  if (isExpected) return (error as Error).message;
  // A defect: its stack says where, and a stack holds no values of ours.
  return error instanceof Error ? (error.stack ?? error.message) : 'something that is no error was thrown';
}

const certificateHint =
  'Trust the certificate, or the authority that signed it, with --ca-file FILE; --nosslverify leaves the check out.';
