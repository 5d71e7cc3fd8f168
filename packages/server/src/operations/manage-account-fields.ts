/** What an administrator may set of a user's account, and what it has to look like. @module */
import type { JsonObject } from '../domain/tenancy.ts';
import type { AuthMethod, ClientType } from '../domain/user.ts';
import { checkMetadata, checkName, checkOptionalText, invalidValue } from './manage-fields.ts';

/** A field not given keeps its value (or its default at creation); null clears it. Objects replace the whole object. */
export interface AccountFields {
  readonly enabled?: boolean;
  readonly email?: string | null;
  readonly name?: string | null;
  readonly fullName?: string | null;
  readonly nickname?: string | null;
  readonly passwordChangeRequired?: boolean;
  /** Name of the password policy; null: the global one. */
  readonly passwordPolicy?: string | null;
  readonly allowedAuthMethods?: readonly AuthMethod[];
  readonly allowedClientTypes?: readonly ClientType[];
  readonly preventUiLogin?: boolean;
  readonly isDomainUser?: boolean;
  readonly certificateSubjectDn?: string | null;
  readonly expiresAtMs?: number | null;
  readonly appMetadata?: JsonObject;
  readonly userMetadata?: JsonObject;
}

/** Nothing that widens a right, and no password: that is changed by proving the old one. */
export type OwnAccountFields = Pick<
  AccountFields,
  'email' | 'name' | 'nickname' | 'fullName' | 'userMetadata'
>;

const maxUsernameCharacters = 128;
const maxTextCharacters = 256;
/** Longest address of RFC 5321 §4.5.3.1.3, without its angle brackets. */
const maxEmailCharacters = 254;
const maxDistinguishedNameCharacters = 1024;
/** The last instant of the year 9999, as RFC 3339 can write it. */
const lastInstantMs = 253_402_300_799_999;

/** @throws {ProblemError} `invalid_value` */
export function checkUsername(username: string): void {
  checkName('username', username, maxUsernameCharacters);
  if (/[/|\\<>]/.test(username)) throw invalidValue('username', 'leave out the characters / | \\ < >.');
  if (username.toLowerCase() === 'global')
    throw invalidValue('username', '"global" is reserved, choose another name.');
}

/** @throws {ProblemError} `invalid_value` for the first field at fault */
export function checkAccountFields(fields: AccountFields): void {
  checkOptionalText('name', fields.name, maxTextCharacters);
  checkOptionalText('fullName', fields.fullName, maxTextCharacters);
  checkOptionalText('nickname', fields.nickname, maxTextCharacters);
  checkOptionalText('certificateSubjectDn', fields.certificateSubjectDn, maxDistinguishedNameCharacters);
  checkOptionalText('email', fields.email, maxEmailCharacters);
  if (typeof fields.email === 'string' && !/^[^\s@]+@[^\s@]+$/.test(fields.email))
    throw invalidValue('email', 'write an address such as ada@example.com.');
  const endMs = fields.expiresAtMs ?? 0;
  if (!Number.isSafeInteger(endMs) || endMs < 0 || endMs > lastInstantMs)
    throw invalidValue('expiresAtMs', 'use a time from 1970 to 9999.');
  checkMetadata('appMetadata', fields.appMetadata);
  checkMetadata('userMetadata', fields.userMetadata);
}

/** Only the fields that are given, and none that is not an account's, whatever else the object holds. */
export function pickAccountFields(fields: AccountFields): AccountFields {
  return given({
    ...pickOwnAccountFields(fields),
    enabled: fields.enabled,
    passwordChangeRequired: fields.passwordChangeRequired,
    passwordPolicy: fields.passwordPolicy,
    allowedAuthMethods: fields.allowedAuthMethods && [...new Set(fields.allowedAuthMethods)],
    allowedClientTypes: fields.allowedClientTypes && [...new Set(fields.allowedClientTypes)],
    preventUiLogin: fields.preventUiLogin,
    isDomainUser: fields.isDomainUser,
    certificateSubjectDn: fields.certificateSubjectDn,
    expiresAtMs: fields.expiresAtMs,
    appMetadata: fields.appMetadata,
  });
}

/** As {@link pickAccountFields}, of those that users may change of themselves. */
export function pickOwnAccountFields(fields: OwnAccountFields): OwnAccountFields {
  const { email, name, nickname, fullName, userMetadata } = fields;
  return given({ email, name, nickname, fullName, userMetadata });
}

type Given<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>;
}
