/** A user as this dialect writes it, and what is kept of the person as it is read. @module */
import type { TOptional, TUnsafe } from 'typebox';
import { Type } from '../../http/schema.ts';
import { textOrNull } from '../../http/strict-fields.ts';
import type { PersonFields } from '../../operations/tenancy-user-fields.ts';
import type { Person } from '../../operations/tenancy-users.ts';
import { wireDatetime } from './datetimes.ts';

const names = [
  'name',
  'email',
  'org_name',
  'id_type',
  'id_no',
  'address_line1',
  'address_line2',
  'address_line3',
  'address_line4',
  'country',
] as const;

type PersonName = (typeof names)[number];

/** For the schema of a body that holds them; null clears what is there. */
export const personFields: Record<PersonName, TOptional<TUnsafe<string | null>>> = Object.fromEntries(
  names.map((name) => [name, Type.Optional(textOrNull())]),
) as Record<PersonName, TOptional<TUnsafe<string | null>>>;

type Written = { readonly [Name in PersonName]?: string | null };

export function personFieldsOf(body: Written): Omit<PersonFields, 'enabled'> {
  const { name, email, org_name: orgName } = body;
  return {
    ...given({ name, email, orgName }),
    profile: given({
      idType: body.id_type,
      idNo: body.id_no,
      addressLine1: body.address_line1,
      addressLine2: body.address_line2,
      addressLine3: body.address_line3,
      addressLine4: body.address_line4,
      country: body.country,
    }),
  };
}

export function userItem(person: Person, zone: string | null): object {
  const { profile } = person;
  return {
    id: person.id,
    username: person.username,
    domain: person.domainName,
    name: person.name,
    email: person.email,
    enabled: person.enabled,
    org_name: person.orgName,
    id_type: profile.idType ?? null,
    id_no: profile.idNo ?? null,
    address_line1: profile.addressLine1 ?? null,
    address_line2: profile.addressLine2 ?? null,
    address_line3: profile.addressLine3 ?? null,
    address_line4: profile.addressLine4 ?? null,
    country: profile.country ?? null,
    creation_time: wireDatetime(person.createdAtMs, zone),
    mfa_enabled: person.secondFactor === 'active',
  };
}

type Given<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>;
}
