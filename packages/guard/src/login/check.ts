/** Asks the program whether a credential is good. @module */
import type { Log } from '../guard/log.ts';
import { causeOf } from '../guard/log.ts';
import type { LoginCredential } from './credential.ts';
import { failure, LoginFailure, type LoginResult, LoginSuccess } from './result.ts';

export type LoginCheck = (credential: LoginCredential) => LoginResult | Promise<LoginResult>;

const tookTooLong = Symbol('took too long');

/** What throws, takes too long or answers anything else is a failure, and the operator hears why. Never throws. */
export async function runCheck(
  check: LoginCheck,
  credential: LoginCredential,
  timeoutSeconds: number,
  log: Log,
): Promise<LoginResult> {
  const failed = (message: string, cause: string | null): LoginFailure => {
    log({ code: 'TESSERA_LOGIN_CHECK_FAILED', message, cause });
    return failure();
  };
  try {
    const result: unknown = await within(timeoutSeconds, async () => check(credential));
    if (result === tookTooLong) {
      return failed(
        `the check of a credential took longer than ${timeoutSeconds} s and counts as failed`,
        null,
      );
    }
    if (result instanceof LoginSuccess || result instanceof LoginFailure) return result;
    return failed(
      'the check of a credential returned neither success() nor failure() and counts as failed',
      null,
    );
  } catch (thrown) {
    return failed(
      'the check of a credential threw and counts as failed',
      causeOf(thrown, [credential.password, encodeURIComponent(credential.password)]),
    );
  }
}

async function within<T>(seconds: number, work: () => Promise<T>): Promise<T | typeof tookTooLong> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof tookTooLong>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, tookTooLong);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
