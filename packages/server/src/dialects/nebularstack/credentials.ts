/** Password and one-time password, which clients write flat or inside `credentials`. @module */
import type { TObject, TOptional, TString } from 'typebox';
import { Type } from '../../http/schema.ts';
import { opaque, text } from '../../http/strict-fields.ts';
import { missing, wrong } from '../../http/strict-reader.ts';

const secrets = { password: Type.Optional(opaque()), otp: Type.Optional(text()) };
type Secrets = { password: TOptional<TString>; otp: TOptional<TString> };

/** For the schema of a body that proves somebody. */
export const credentialFields: Secrets & { credentials: TOptional<TObject<Secrets>> } = {
  ...secrets,
  credentials: Type.Optional(Type.Object(secrets)),
};

interface Written {
  readonly password?: string;
  readonly otp?: string;
}

/** A body with {@link credentialFields}. */
export interface WrittenCredentials extends Written {
  readonly credentials?: Written;
}

export interface Credentials {
  readonly password: string;
  readonly otp: string | null;
}

/** @throws {ProblemError} `malformed` without a password; `invalid_value` where two are written that differ */
export function readProof(body: WrittenCredentials): Credentials {
  const password = readPassword(body);
  if (password === null) throw missing('password');
  return { password, otp: readOtp(body) };
}

/** Null: none was written. @throws {ProblemError} `invalid_value` where two are written that differ */
export function readPassword(body: WrittenCredentials): string | null {
  return theOne(body, 'password');
}

/** Null: none was written. @throws {ProblemError} `invalid_value` where two are written that differ */
export function readOtp(body: WrittenCredentials): string | null {
  return theOne(body, 'otp');
}

function theOne({ credentials = {}, ...flat }: WrittenCredentials, name: keyof Written): string | null {
  const [one, other] = [flat[name], credentials[name]];
  if (one !== undefined && other !== undefined && one !== other)
    throw wrong(name, 'is written twice, and differently');
  return one ?? other ?? null;
}
