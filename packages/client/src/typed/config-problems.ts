/** Everything that is wrong in a typed configuration, found before anything is made of it. @module */
import { ConfigurationError, type Problem } from '../plan/errors.ts';
import { isLoopback, plainHttpFault } from '../plan/plain-http.ts';

export class ConfigProblems {
  readonly #problems: Problem[] = [];
  readonly #warnings: Problem[] = [];

  add(pointer: string, reason: string, cure: string): void {
    this.#problems.push({ file: 'config', pointer, reason, cure, severity: 'error', icode: 'AD.300' });
  }

  /** What stops nothing. */
  get warnings(): readonly Problem[] {
    return this.#warnings;
  }

  /** @returns a URL that nobody calls, if it is none */
  url(pointer: string, value: string | URL | undefined): URL {
    const url = value !== undefined && URL.canParse(String(value)) ? new URL(value) : null;
    const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
    if (url === null || !isHttp) this.add(pointer, 'is no http or https URL', 'write https://HOST/PATH');
    else if (url.username !== '' || url.password !== '')
      this.add(pointer, 'has credentials in it', 'pass them as username and password');
    if (url?.protocol === 'http:' && !isLoopback(url.hostname))
      this.#warnings.push({
        file: 'config',
        pointer,
        ...plainHttpFault,
        severity: 'warning',
        icode: 'AD.300',
      });
    return url !== null && isHttp ? url : new URL('http://invalid.invalid');
  }

  /** Text that must be there. */
  text(pointer: string, value: unknown): void {
    if (value === undefined || value === null || value === '')
      this.add(pointer, 'is missing', 'set it to a text that is not empty');
  }

  /** @param least the smallest value allowed */
  count(pointer: string, value: number | undefined, least: number): void {
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
    this.add(pointer, `is no whole number of ${least} or more`, `write a whole number of ${least} or more`);
  }

  /** @throws {ConfigurationError} with all of them */
  throwIfAny(): void {
    if (this.#problems.length > 0) {
      throw new ConfigurationError(
        this.#problems.toSorted((one, other) => (one.pointer < other.pointer ? -1 : 1)),
      );
    }
  }
}
