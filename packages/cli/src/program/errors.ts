/** Failures of the program's own, as opposed to a server's refusal. @module */

/** What was typed cannot be done: exit code 2. */
export class UsageError extends Error {
  override readonly name: 'UsageError' = 'UsageError';
}

/** Something on this machine is in the way: exit code 1. */
export class LocalError extends Error {
  override readonly name: 'LocalError' = 'LocalError';
}

/** The user pressed Ctrl-C at a prompt. */
export class InterruptedError extends Error {
  override readonly name: 'InterruptedError' = 'InterruptedError';
}

/** The server ended with this exit code, and has said why. */
export class ExitError extends Error {
  override readonly name: 'ExitError' = 'ExitError';
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}
