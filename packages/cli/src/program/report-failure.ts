/** Says on standard error why a command failed, and decides the exit code. @module */
import {
  AnswerError,
  InputError,
  NotAuthenticatedError,
  RefusedError,
  UnreachableError,
  VaultError,
} from '@tessera/client';
import type { Context } from './context.ts';
import { ExitError, InterruptedError, LocalError, UsageError } from './errors.ts';

/** Interrupted by SIGINT, as shells count it. */
const interrupted = 130;

/**
 * 1: refused or failed; 2: not understood; 3 to 6: what `exitCodeOf` tells apart.
 *
 * A refusal is printed as the server's own JSON, for programs to read; everything else as plain text.
 */
export function reportFailure(error: unknown, context: Context): number {
  if (error instanceof InterruptedError) return interrupted;
  if (error instanceof ExitError) return error.code;
  context.stderr.write(`${wording(error, context)}\n`);
  return exitCodeOf(error);
}

/** For scripts: 3 asks for another token, 4 for a registration, 5 for a vault that works, 6 says that one is there. */
function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof InputError) return 2;
  if (error instanceof NotAuthenticatedError) return 3;
  if (!(error instanceof VaultError)) return 1;
  if (error.code === 'not_found') return 4;
  return error.code === 'exists' ? 6 : 5;
}

function wording(error: unknown, context: Context): string {
  if (error instanceof RefusedError && error.body !== null) return JSON.stringify(error.body, null, 2);
  if (error instanceof UsageError || error instanceof InputError)
    return `${error.message}\nRun "${context.personality.name} help" for usage.`;
  if (error instanceof UnreachableError && error.fault === 'certificate')
    return `${error.message}\n${certificateHint}`;
  const expected = [
    RefusedError,
    UnreachableError,
    AnswerError,
    LocalError,
    VaultError,
    NotAuthenticatedError,
  ];
  const isExpected = expected.some((kind) => error instanceof kind);
  if (isExpected) return (error as Error).message;
  // A defect: its stack says where, and a stack holds no values of ours.
  return error instanceof Error ? (error.stack ?? error.message) : 'something that is no error was thrown';
}

const certificateHint =
  'Trust the certificate, or the authority that signed it, with --ca-file FILE; --nosslverify leaves the check out.';
