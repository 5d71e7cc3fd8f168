/**
 * An authenticator app that shares no code with Tessera.
 *
 * Where there is `python3`, the codes are made by Python's standard library in a process of its own (harness), written
 * from RFC 6238. Where there is none, by the npm package `otpauth`: a program of the world too, but one the server uses
 * as well, so that a mistake of that package would not be seen there.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { TOTP, URI } from 'otpauth';
import { otpAt } from '../harness/authenticator.ts';

const hasPython = spawnSync('python3', ['-I', '-c', '']).status === 0;

/** The code that the app shows for the account of an `otpauth` URI at an instant. */
export function codeAt(otpauthUri: string, nowMs: number): string {
  if (hasPython) return otpAt(otpauthUri, nowMs);
  const account = URI.parse(otpauthUri);
  if (!(account instanceof TOTP)) throw new Error('not a TOTP URI');
  return account.generate({ timestamp: nowMs });
}
