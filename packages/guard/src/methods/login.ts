/** The method `login`: the program's own check behind the guard's login route. @module */
import type { LoginCheck } from '../login/check.ts';

export interface LoginMethod {
  readonly role: 'login';
  readonly check: LoginCheck;
  readonly timeoutSeconds: number;
}

export interface LoginOptions {
  /** A check that takes longer has failed. Default 30. */
  readonly timeoutSeconds?: number;
}

/**
 * @param check answers `success({ … })` or `failure(message?)`; anything else, and what it throws, is a failure. It is never asked with
 *   an empty name or password, which some directories take for anonymous
 */
export function login(check: LoginCheck, { timeoutSeconds = 30 }: LoginOptions = {}): LoginMethod {
  if (typeof check !== 'function') throw new TypeError('login takes a function that checks a credential');
  return { role: 'login', check, timeoutSeconds: checkedTimeout(timeoutSeconds) };
}

/** @throws {TypeError} */
export function checkedTimeout(seconds: number): number {
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new TypeError('timeoutSeconds is a number of seconds above 0');
}
