/** What a request may prove itself with. @module */
import type { Secret } from '@tessera/token';

export type CredentialKind = 'bearer' | 'basic' | 'x-auth-token';

export type Credential =
  /** `Authorization: Bearer`, RFC 6750 */
  | { readonly kind: 'bearer'; readonly token: string }
  /** `Authorization: Basic`, RFC 7617: UTF-8, cut at the first colon */
  | { readonly kind: 'basic'; readonly userName: string; readonly password: Secret }
  /** The header `X-Auth-Token` */
  | { readonly kind: 'x-auth-token'; readonly token: string };
