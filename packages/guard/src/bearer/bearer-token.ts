/** Takes the Bearer token out of the Authorization header (RFC 6750 §2.1, RFC 9110 §11.4). @module */
import { maxTokenLength } from '@tessera/token';

/** `missing`: no Authorization header, or another scheme. `malformed`: Bearer, but not exactly one well-formed token. */
export type BearerCredential =
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'token'; readonly token: string };

const missing: BearerCredential = Object.freeze({ kind: 'missing' });
const malformed: BearerCredential = Object.freeze({ kind: 'malformed' });

/** The scheme ends where no token character (RFC 9110 §5.6.2) follows. */
const bearerScheme = /^bearer(?![\w!#$%&'*+.^`|~-])/i;
const bearerCredentials = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Exactly one credential: two headers, or two credentials in one, are malformed even if they agree, because two readers might
 * pick different ones.
 *
 * @param authorization the header's values. Node keeps only the first of several in `headers.authorization`: pass
 *   `request.headersDistinct.authorization`, so that a second one is seen
 */
export function readBearerToken(authorization: string | readonly string[] | undefined): BearerCredential {
  if (authorization === undefined) return missing;
  const values = typeof authorization === 'string' ? [authorization] : authorization;
  const [value] = values;
  if (value === undefined) return missing;
  if (values.length > 1) return malformed;
  if (!bearerScheme.test(value)) return missing;
  const token = value.length > maxHeaderLength ? undefined : bearerCredentials.exec(value)?.[1];
  return token === undefined ? malformed : { kind: 'token', token };
}

/** A token of full length, the scheme and a few spaces. */
const maxHeaderLength: number = maxTokenLength + 16;
