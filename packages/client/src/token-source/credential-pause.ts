/**
 * Keeps a wrong password from locking an account by repetition: once credentials were rejected twice in a row, they rest.
 *
 * Other credentials are tried at once: what is remembered belongs to the very values that were sent.
 * @module
 */
import { TokenClientError } from '../plan/errors.ts';

/** The first rejection may be the server's mistake; a second one settles it. */
const rejectionsAllowed = 2;
const firstPauseMs = 5 * 60_000;
const longestPauseMs = 60 * 60_000;
const maxRemembered = 1000;

interface Rejections {
  count: number;
  untilMs: number;
  error: TokenClientError;
  /** The one attempt that is being made; the others wait for how it ends. */
  probe: Promise<unknown> | null;
}

export interface Pause {
  readonly rejections: number;
  readonly pauseMs: number;
}

export class CredentialPause {
  readonly #rejected = new Map<string, Rejections>();
  readonly #paused: (pause: Pause, error: TokenClientError) => void;

  /** @param paused told of each pause as it begins */
  constructor(paused: (pause: Pause, error: TokenClientError) => void) {
    this.#paused = paused;
  }

  /**
   * Tries the credentials, unless they rest.
   *
   * @param key distinguishes credentials
   * @throws {TokenClientError} what `attempt` throws; while they rest a `token_status` without any request
   */
  async guard<Result>(key: string, now: () => number, attempt: () => Promise<Result>): Promise<Result> {
    for (;;) {
      const known = this.#rejected.get(key);
      if (known === undefined) break;
      if (now() < known.untilMs) throw restingError(known, now());
      if (known.probe === null) break;
      await known.probe.catch(() => {});
    }
    const attempting = attempt();
    const known = this.#rejected.get(key);
    if (known !== undefined) known.probe = attempting;
    try {
      const result = await attempting;
      this.#rejected.delete(key);
      return result;
    } catch (error) {
      if (isRejection(error)) this.#remember(key, error, now());
      throw error;
    } finally {
      if (known !== undefined && known.probe === attempting) known.probe = null;
    }
  }

  #remember(key: string, error: TokenClientError, nowMs: number): void {
    const count = (this.#rejected.get(key)?.count ?? 0) + 1;
    const excess = count - rejectionsAllowed;
    const pauseMs = excess < 0 ? 0 : Math.min(firstPauseMs * 2 ** excess, longestPauseMs);
    this.#rejected.delete(key);
    this.#rejected.set(key, { count, untilMs: nowMs + pauseMs, error, probe: null });
    const [oldest] = this.#rejected.keys();
    if (this.#rejected.size > maxRemembered && oldest !== undefined) this.#rejected.delete(oldest);
    if (pauseMs > 0) this.#paused({ rejections: count, pauseMs }, error);
  }
}

const oauthRejections = /"error"\s*:\s*"(?:invalid_grant|invalid_client|unauthorized_client|access_denied)"/;

/** The credentials are wrong, as far as an answer can say so. */
function isRejection(error: unknown): error is TokenClientError {
  if (!(error instanceof TokenClientError) || error.kind !== 'token_status') return false;
  if (error.status === 401 || error.status === 403) return true;
  return error.status === 400 && oauthRejections.test(error.excerpt ?? '');
}

function restingError({ count, untilMs, error }: Rejections, nowMs: number): TokenClientError {
  const seconds = Math.ceil((untilMs - nowMs) / 1000);
  const cure =
    'correct the username and password; changed credentials are tried at once, these again when the pause is over';
  return new TokenClientError(
    'token_status',
    'token',
    `Token request not sent: these credentials were rejected ${count} times in a row (status ${error.status}), and rest for ${seconds} s more so that the account is not locked. To cure it, ${cure}.`,
    {
      status: error.status,
      method: error.method,
      url: error.url,
      excerpt: error.excerpt,
      cure,
      icode: error.icode,
    },
  );
}
