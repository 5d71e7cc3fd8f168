/** What the tests and the bench use of jsonwebtoken, which ships no types. @module */
declare module 'jsonwebtoken' {
  import type { KeyObject } from 'node:crypto';

  interface JsonWebToken {
    sign(
      claims: object,
      key: KeyObject,
      options: { algorithm?: string; expiresIn?: number; keyid?: string; noTimestamp?: boolean },
    ): string;
    verify(
      token: string,
      key: KeyObject,
      options: { algorithms: string[]; audience?: string; issuer?: string; clockTimestamp?: number },
    ): unknown;
  }
  const jsonwebtoken: JsonWebToken;
  export = jsonwebtoken;
}
