/** What a method that checks by a shared key knows, and the guard needs: to judge the key, and to grant tokens itself. @module */
import type { Secret } from '@tessera/token';
import type { CredentialMethod } from './method.ts';

export interface SharedKeyMethod extends CredentialMethod {
  readonly shared: {
    readonly signingKey: Secret<string | Uint8Array>;
    /** The first of those that are accepted. */
    readonly issuer: string;
    readonly audience: string;
  };
}

export function hasSharedKey(method: CredentialMethod): method is SharedKeyMethod {
  return 'shared' in method;
}
