/** The fields of a user that may be set, and what they are called in the core. @module */
import type { TProperties, TUnsafe } from 'typebox';
import type { JsonObject } from '../../domain/tenancy.ts';
import type { AuthMethod, ClientType } from '../../domain/user.ts';
import { Type } from '../../http/schema.ts';
import type { AccountFields } from '../../operations/manage-account-fields.ts';
import { flag, freeObject, text, words } from './fields.ts';
import { readInstant } from './instants.ts';

/** What users may set of themselves. */
export interface OwnUserFields {
  readonly email?: string;
  readonly name?: string;
  readonly full_name?: string;
  readonly nickname?: string;
  readonly user_metadata?: JsonObject;
}

/** What administrators may set, at creation and later. */
export interface UserFields extends OwnUserFields {
  readonly is_domain_user?: boolean;
  readonly password_change_required?: boolean;
  readonly certificate_subject_dn?: string;
  readonly allowed_auth_methods?: AuthMethod[];
  readonly allowed_client_types?: ClientType[];
  readonly login_flags?: { readonly prevent_ui_login?: boolean };
  /** RFC 3339; empty: never. */
  readonly expires_at?: string;
  readonly password_policy?: string;
  readonly app_metadata?: JsonObject;
}

const own = {
  email: Type.Optional(text()),
  name: Type.Optional(text()),
  full_name: Type.Optional(text()),
  nickname: Type.Optional(text()),
  user_metadata: Type.Optional(freeObject()),
};

const managed = {
  is_domain_user: Type.Optional(flag()),
  password_change_required: Type.Optional(flag()),
  certificate_subject_dn: Type.Optional(text()),
  allowed_auth_methods: Type.Optional(
    words(['password', 'user_certificate', 'password_with_user_certificate']),
  ),
  allowed_client_types: Type.Optional(words(['unregistered', 'public', 'confidential'])),
  login_flags: Type.Optional(Type.Object({ prevent_ui_login: Type.Optional(flag()) })),
  // As at the original, only empty text takes an end away again: null is what clients send for fields they leave alone.
  expires_at: Type.Optional(
    Type.String({ maxLength: 64, 'x-empty': 'kept', description: 'RFC 3339; empty: never.' }),
  ),
  password_policy: Type.Optional(text()),
  app_metadata: Type.Optional(freeObject()),
};

export const ownUserSchema: TUnsafe<OwnUserFields> = Type.Unsafe<OwnUserFields>(Type.Object(own));

/** The schema of {@link UserFields} and some more. */
export function userSchema<Body extends UserFields>(more: TProperties): TUnsafe<Body> {
  return Type.Unsafe<Body>(Type.Object({ ...more, ...own, ...managed }));
}

/** @throws {ProblemError} `invalid_value` for a time that is none */
export function accountFieldsOf(body: UserFields): AccountFields {
  return withoutAbsent({
    email: body.email,
    name: body.name,
    fullName: body.full_name,
    nickname: body.nickname,
    isDomainUser: body.is_domain_user,
    passwordChangeRequired: body.password_change_required,
    certificateSubjectDn: body.certificate_subject_dn,
    allowedAuthMethods: body.allowed_auth_methods,
    allowedClientTypes: body.allowed_client_types,
    preventUiLogin: body.login_flags?.prevent_ui_login,
    expiresAtMs: endOf(body.expires_at),
    passwordPolicy: body.password_policy,
    appMetadata: body.app_metadata,
    userMetadata: body.user_metadata === undefined ? undefined : withoutDomain(body.user_metadata),
  });
}

function endOf(expiry: string | undefined): number | null | undefined {
  if (expiry === undefined) return undefined;
  return expiry === '' ? null : readInstant(expiry, 'expires_at');
}

/** Clients send back what they read; the domain in it is ours, not theirs. */
function withoutDomain({ current_domain: _ours, ...metadata }: JsonObject): JsonObject {
  return metadata;
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The object without the fields that are undefined. */
export function withoutAbsent<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<Fields>;
}
