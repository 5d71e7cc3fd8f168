/** Everything that is wrong in a configuration, collected while it is read. @module */
import type { Icode, Problem } from '../plan/errors.ts';

export interface Fault {
  readonly reason: string;
  readonly cure: string;
  readonly icode?: Icode;
}

export class Problems {
  readonly #found: Problem[] = [];

  error(file: string, pointer: string, { reason, cure, icode = 'AD.300' }: Fault): void {
    this.add({ file, pointer, reason, cure, severity: 'error', icode });
  }

  warning(file: string, pointer: string, { reason, cure, icode = 'AD.300' }: Fault): void {
    this.add({ file, pointer, reason, cure, severity: 'warning', icode });
  }

  /** Once, however often the place is read. */
  add(problem: Problem): void {
    const same = (one: Problem): boolean =>
      one.file === problem.file && one.pointer === problem.pointer && one.reason === problem.reason;
    if (!this.#found.some(same)) this.#found.push(problem);
  }

  hasErrors(): boolean {
    return this.#found.some(({ severity }) => severity === 'error');
  }

  /** By file, then by pointer. */
  sorted(): readonly Problem[] {
    return this.#found.toSorted(
      (one, other) => compare(one.file, other.file) || compare(one.pointer, other.pointer),
    );
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
