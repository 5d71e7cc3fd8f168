/** What an administrator may write of a user: the account, and what is kept of the person. @module */
import type { Profile, User } from '../domain/user.ts';
import { checkAccountFields } from './manage-account-fields.ts';
import { checkOptionalText } from './manage-fields.ts';

/** A field not given keeps its value (or its default at creation); null clears it. */
export interface PersonFields {
  readonly enabled?: boolean;
  readonly email?: string | null;
  readonly name?: string | null;
  readonly orgName?: string | null;
  readonly profile?: ProfileFields;
}

/** As {@link PersonFields}: each field for itself. */
export type ProfileFields = { readonly [Name in keyof Profile]?: string | null };

const maxTextCharacters = 256;

/** @throws {ProblemError} `invalid_value` for the first field at fault */
export function checkPersonFields(fields: PersonFields): void {
  const { email, name, orgName, profile = {} } = fields;
  checkAccountFields({ ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) });
  checkOptionalText('orgName', orgName, maxTextCharacters);
  for (const [field, text] of Object.entries(profile)) checkOptionalText(field, text, maxTextCharacters);
}

/** The user with what is given. */
export function withPersonFields(user: User, fields: PersonFields): User {
  const { enabled, email, name, orgName, profile } = fields;
  return {
    ...user,
    enabled: enabled ?? user.enabled,
    email: email === undefined ? user.email : email,
    name: name === undefined ? user.name : name,
    orgName: orgName === undefined ? user.orgName : orgName,
    profile: profile === undefined ? user.profile : withProfile(user.profile, profile),
  };
}

/** The names of the fields that are given, for the audit log. */
export function namesOf({ profile = {}, ...fields }: PersonFields): string[] {
  return Object.entries({ ...fields, ...profile }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
}

function withProfile(profile: Profile, changes: ProfileFields): Profile {
  const merged = Object.entries({ ...profile, ...changes });
  return Object.fromEntries(merged.filter(([, text]) => text !== null && text !== undefined));
}
