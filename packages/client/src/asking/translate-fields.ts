/** From the names a configuration uses to those the other system expects. @module */

import { scalarText } from '../datatypes/urlencode.ts';
import { emptyMembers, isMembers, type Members, memberOf, writePath } from '../datatypes/value-path.ts';
import { type Base64, base64 } from '../formats/render-format.ts';
import type { FieldRecipe, FieldsRecipe, JsonType } from '../plan/fields-recipe.ts';

/** Something that was not as the request schema wants it. */
export interface FieldFault {
  readonly file: string;
  readonly pointer: string;
  readonly reason: string;
}

/** The fields with defaults where they are absent, null or "". */
export function withDefaults(recipe: FieldsRecipe, fields: Readonly<Members>): Members {
  const filled = Object.assign(emptyMembers(), fields);
  for (const property of recipe.properties) {
    const value = memberOf(fields, property.name);
    if (isAbsent(value) && property.fallback !== undefined) filled[property.name] = property.fallback;
    const inner = filled[property.name];
    if (property.members === null || (!isAbsent(inner) && !isMembers(inner))) continue;
    const members = withDefaults(property.members, isMembers(inner) ? inner : emptyMembers());
    if (isMembers(inner) || Object.keys(members).length > 0) filled[property.name] = members;
  }
  return filled;
}

/** The first thing in fields already filled with defaults that breaks the schema; null: nothing does. */
export function findFault(recipe: FieldsRecipe, fields: Readonly<Members>): FieldFault | null {
  for (const property of recipe.properties) {
    const fault = propertyFault(property, memberOf(fields, property.name));
    if (fault !== null) return fault;
  }
  return null;
}

function propertyFault(property: FieldRecipe, value: unknown): FieldFault | null {
  const { file, pointer } = property;
  if (value === undefined || value === null) {
    return property.required ? { file, pointer, reason: 'is required, and nothing sets it' } : null;
  }
  if (property.types !== null && !property.types.some((type) => isOfType(value, type))) {
    return { file, pointer, reason: `must be ${property.types.join(' or ')}, not ${typeOf(value)}` };
  }
  if (property.allowed?.every((one) => JSON.stringify(one) !== JSON.stringify(value))) {
    return { file, pointer, reason: `must be one of ${JSON.stringify(property.allowed)}` };
  }
  return property.members !== null && isMembers(value) ? findFault(property.members, value) : null;
}

/** The fields under the other system's names; what is "" is left out. */
export function translateFields(
  recipe: FieldsRecipe,
  fields: Readonly<Members>,
  encode: Base64 = base64,
): Members {
  if (recipe.translation === 'none') return Object.assign(emptyMembers(), fields);
  const sent = emptyMembers();
  for (const property of recipe.properties) {
    const value = translated(property, memberOf(fields, property.name), encode);
    if (property.path !== null && value !== undefined) writePath(sent, property.path, value);
  }
  if (recipe.undeclared === 'sent') {
    const declared = new Set(recipe.properties.map(({ name }) => name));
    for (const [name, value] of Object.entries(fields)) if (!declared.has(name)) sent[name] = value;
  }
  return sent;
}

function translated(property: FieldRecipe, value: unknown, encode: Base64): unknown {
  if (isAbsent(value)) return undefined;
  if (property.members !== null && isMembers(value)) return translateFields(property.members, value, encode);
  if (property.encoding === 'none') return value;
  return encode(scalarText(value) || JSON.stringify(value));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

export function isOfType(value: unknown, type: JsonType): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
}

/** The JSON type, `integer` counting as `number`. */
export function typeOf(value: unknown): Exclude<JsonType, 'integer'> {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}
