/** What a check of a credential comes to. @module */
import type { TokenPayload } from '@tessera/token';

export interface SuccessOptions {
  /** Default: the credential's. */
  readonly userName?: string;
  /** Handed out unchanged. Default: the guard grants one, 25 minutes long. */
  readonly token?: string;
  readonly roles?: string | readonly string[];
  /** Further claims of the token that the guard grants. */
  readonly payload?: TokenPayload;
}

/** Made by {@link success} alone, so that nothing else that a check returns can pass for one. */
export class LoginSuccess {
  readonly #options: SuccessOptions;

  constructor(options: SuccessOptions) {
    this.#options = options;
  }

  get options(): SuccessOptions {
    return this.#options;
  }
}

/** Made by {@link failure}. */
export class LoginFailure {
  /** Null: the usual one. */
  readonly message: string | null;

  constructor(message: string | null) {
    this.message = message;
  }
}

export type LoginResult = LoginSuccess | LoginFailure;

/** @throws {TypeError} for a member of another type, so that a slip is a failed login and never a strange one */
export function success(options: SuccessOptions = {}): LoginSuccess {
  const { userName, token, roles } = options;
  for (const [name, value] of Object.entries({ userName, token })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new TypeError(`${name} is text that is not empty`);
    }
  }
  const list: readonly unknown[] = roles === undefined || typeof roles === 'string' ? [roles] : [...roles];
  if (!list.every((role) => role === undefined || typeof role === 'string')) {
    throw new TypeError('roles are texts');
  }
  return new LoginSuccess({ ...options });
}

/** @param message for who tried to log in; default `Bad username or password`, which tells a guesser least */
export function failure(message?: string): LoginFailure {
  return new LoginFailure(typeof message === 'string' && message !== '' ? message : null);
}
