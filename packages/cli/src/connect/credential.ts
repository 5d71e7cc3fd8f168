/** Chooses what to prove oneself with. @module */
import type { Secret } from '@tessera/client';
import type { Settings } from '../config/settings.ts';
import type { GlobalOptions } from '../program/global-flags.ts';

export type Credential =
  | { readonly kind: 'password' }
  | { readonly kind: 'jwt'; readonly jwt: Secret }
  | { readonly kind: 'refresh-token'; readonly refreshToken: Secret };

/** Who names a user or gives a password wants to sign in; else what is stored serves, the cheapest first. */
export function chooseCredential(settings: Settings, globals: GlobalOptions): Credential {
  if (asksForSignIn(globals)) return { kind: 'password' };
  if (settings.jwt !== null) return { kind: 'jwt', jwt: settings.jwt };
  if (settings.refreshToken !== null) return { kind: 'refresh-token', refreshToken: settings.refreshToken };
  return { kind: 'password' };
}

export function asksForSignIn(globals: GlobalOptions): boolean {
  return globals.user !== null || globals.password !== null || globals['password-stdin'];
}
