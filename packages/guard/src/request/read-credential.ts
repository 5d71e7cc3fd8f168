/** The one credential of a request, or why there is none. @module */
import { maxTokenLength, Secret } from '@tessera/token';
import { readBearerToken } from '../bearer/bearer-token.ts';
import type { SeenHeaders } from '../context/context-headers.ts';
import type { Credential, CredentialKind } from './credential.ts';

/** @returns undefined: not sent; null: sent more than once */
export function onlyHeader(headers: SeenHeaders, name: string): string | null | undefined {
  if (!Array.isArray(headers)) {
    const values = (headers as Readonly<Record<string, readonly string[] | undefined>>)[name];
    return values === undefined || values.length < 2 ? values?.[0] : null;
  }
  let found: string | undefined;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const candidate: string = headers[index];
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue;
    if (found !== undefined) return null;
    found = headers[index + 1];
  }
  return found;
}

/** Of a value of `Authorization` or `X-Auth-Token`. `none`: a scheme that no method takes, or a scheme with nothing behind it. */
export type ReadCredential =
  | Credential
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed'; readonly of: CredentialKind };

/** RFC 9110 §11.2 */
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;
const maxBearerLength = maxTokenLength + 'Bearer '.length;
const none = Object.freeze({ kind: 'none' } as const);
const nothingBehind = /^[\w!#$%&'*+.^`|~-]+$/;
const basicCredentials = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

export function readAuthorization(value: string, takes: ReadonlySet<CredentialKind>): ReadCredential {
  // A JWT as nearly all clients send it. Its letters are looked at when it is decoded; that it is one alone, here.
  if (value.startsWith('Bearer ey') && takes.has('bearer') && value.length < maxBearerLength) {
    const token = value.slice('Bearer '.length);
    if (!token.includes(' ') && !token.includes(',')) return { kind: 'bearer', token };
  }
  const trimmed = value.trim();
  if (nothingBehind.test(trimmed)) return none;
  const bearer = readBearerToken(trimmed);
  if (bearer.kind !== 'missing') {
    if (!takes.has('bearer')) return none;
    return bearer.kind === 'token' ? { kind: 'bearer', token: bearer.token } : malformedBearer;
  }
  return takes.has('basic') && /^basic[ \t]/i.test(trimmed) ? readBasic(trimmed) : none;
}

const malformedBearer = Object.freeze({ kind: 'malformed', of: 'bearer' } as const);
const malformedBasic = Object.freeze({ kind: 'malformed', of: 'basic' } as const);

/** RFC 7617 §2: UTF-8, no control characters, cut at the first colon. */
function readBasic(value: string): ReadCredential {
  const encoded = basicCredentials.exec(value)?.[1] ?? '';
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64').replaceAll('=', '') !== encoded.replaceAll('=', '')) return malformedBasic;
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (colon === -1 || /[\u0000-\u001f\u007f]/.test(text) || !Buffer.from(text).equals(bytes)) {
    return malformedBasic;
  }
  return { kind: 'basic', userName: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
}

export function readAuthToken(value: string): ReadCredential {
  const token = value.trim();
  if (token === '') return none;
  return token68.test(token) ? { kind: 'x-auth-token', token } : { kind: 'malformed', of: 'x-auth-token' };
}
