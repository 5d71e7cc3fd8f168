/**
 * A user's second factor: one-time passwords by time (TOTP), each step good once, and recovery codes for the day the
 * device is lost.
 *
 * @see RFC 6238
 * @module
 */
import type { UserId } from './ids.ts';
import type { User } from './user.ts';

/** By what a second factor was proved; goes into `amr`. */
export type SecondFactorMethod = 'otp' | 'recovery';

/** As it is kept. What counts at the door is {@link User.secondFactor}, so that a lost row never means "no second factor". */
export interface SecondFactor {
  readonly userId: UserId;
  /** `pending`: handed out, and nothing until a first code has proved that it arrived. */
  readonly state: 'pending' | 'active';
  /** The TOTP secret, sealed by the master key. */
  readonly sealedSecret: string;
  /** The newest step that was used; only later ones are accepted. */
  readonly lastStep: number;
  readonly createdAtMs: number;
}

/** Seconds that one code is shown (RFC 6238 §5.2). */
export const stepSeconds = 30;

/** How many steps a device's clock may be behind or ahead (RFC 6238 §6). */
export const stepTolerance = 1;

/** How many codes a user gets; used up, new ones are made with password and otp. */
export const recoveryCodeCount = 10;

export function hasSecondFactor(user: Pick<User, 'secondFactor'>): boolean {
  return user.secondFactor !== 'none';
}

/** The step of an instant: 30-second steps since the epoch (RFC 6238 §4.2). */
export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / 1000 / stepSeconds);
}

/** The steps whose codes are looked at now, oldest first: the one before, this one, the next. Used ones among them. */
export function stepsAround(nowMs: number): readonly number[] {
  const now = stepAt(nowMs);
  return Array.from({ length: 2 * stepTolerance + 1 }, (_, index) => now - stepTolerance + index);
}
