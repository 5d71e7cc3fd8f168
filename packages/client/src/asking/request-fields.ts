/** The fields of a token request before translation: credentials, parameters, and what was added. @module */
import { Secret } from '@tessera/token';
import { emptyMembers, type Members } from '../datatypes/value-path.ts';
import type { FieldSource } from '../plan/request-recipe.ts';
import type { SecretName, Secrets } from '../plan/secrets.ts';
import type { TokenPlan } from '../plan/token-plan.ts';

/** What one caller asks for beside what is configured. */
export interface TokenCall {
  /** Fields over all others; `uriPathVars` fills `{pathv1}`, `{pathv2}`… of the path. */
  readonly authData?: Readonly<Record<string, unknown>> | null;
}

export function secretText(secrets: Secrets, name: string): string {
  const value = Object.hasOwn(secrets, name) ? secrets[name as SecretName] : null;
  return value instanceof Secret ? value.reveal() : (value ?? '');
}

export function pathVariables(call: TokenCall): readonly unknown[] {
  const variables = call.authData?.uriPathVars;
  return Array.isArray(variables) ? variables : [];
}

/** What the fields of a request are drawn from. */
export interface FieldValues {
  readonly parameters: TokenPlan['parameters'];
  readonly secrets: Secrets;
  /** Empty: none. */
  readonly refreshToken: string;
}

/** @param configured values where no credential or parameter is of their name */
export function requestFields(
  sources: readonly FieldSource[],
  configured: Readonly<Record<string, unknown>>,
  values: FieldValues,
): Members {
  const fields = emptyMembers();
  for (const { field, from } of sources) {
    const value = sourceText(from, values);
    if (value !== '') fields[field] = value;
  }
  for (const [name, value] of Object.entries(configured)) fields[name] ??= value;
  return fields;
}

function sourceText(from: string, { parameters, secrets, refreshToken }: FieldValues): string {
  if (from === 'refresh_token') return refreshToken;
  return Object.hasOwn(parameters, from) ? (parameters[from] ?? '') : secretText(secrets, from);
}

/** The caller's fields over all others, without what is for the path or internal to the adapter. */
export function withAuthData(fields: Members, call: TokenCall): Members {
  const merged = Object.assign(emptyMembers(), fields, call.authData ?? {});
  delete merged.uriPathVars;
  delete merged.ph_request_type;
  return merged;
}
