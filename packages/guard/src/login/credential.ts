/** What somebody logs in with; printing or serialising it shows no password. @module */
import { inspect } from 'node:util';

export class LoginCredential {
  static {
    // Not a method, because a declaration file cannot spell a name that is only known at run time.
    Object.defineProperty(LoginCredential.prototype, inspect.custom, {
      value(this: LoginCredential) {
        return `LoginCredential { userName: ${inspect(this.userName)}, password: [secret] }`;
      },
    });
  }

  readonly userName: string;
  readonly #password: string;

  constructor(userName: string, password: string) {
    this.userName = userName;
    this.#password = password;
  }

  /** Let it go no further than the check. */
  get password(): string {
    return this.#password;
  }
}
