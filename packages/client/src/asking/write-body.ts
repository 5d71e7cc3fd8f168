/** The bytes of a token request, by data type. @module */
import { writeFormData } from '../datatypes/form-data.ts';
import { scalarText, writePairs } from '../datatypes/urlencode.ts';
import { isMembers, type Members } from '../datatypes/value-path.ts';
import { writeXml, XmlError } from '../datatypes/write-xml.ts';
import type { Base64 } from '../formats/render-format.ts';
import { renderFormat } from '../formats/render-format.ts';
import type { BodyRecipe } from '../plan/request-recipe.ts';

/** What the fields cannot be sent as; holds names, never values. */
export class BodyError extends Error {
  override readonly name: 'BodyError' = 'BodyError';
}

export interface BodySource {
  /** Under the other system's names. */
  readonly sent: Members;
  /** Under the schema's own names, for a template. */
  readonly own: Members;
  readonly boundary: string;
  readonly base64: Base64;
}

/**
 * @returns null: nothing to send
 * @throws {BodyError} a field that this data type cannot carry
 */
export function writeBody(recipe: BodyRecipe, source: BodySource): string | null {
  const names = Object.keys(source.sent);
  switch (recipe.kind) {
    case 'none':
    case 'query':
      return null;
    case 'json':
      if (names.length > 0) return JSON.stringify(source.sent);
      return recipe.nothing === 'empty-object' ? '{}' : null;
    case 'urlencode':
      return names.length === 0 ? null : writePairs(flat(source.sent));
    case 'form':
      return names.length === 0 ? null : writeFormData(flat(source.sent), source.boundary);
    case 'xml':
      return names.length === 0 ? null : xml(source.sent, recipe.root);
    case 'plain':
      return plain(recipe.template, source) || null;
  }
}

/** @throws {BodyError} */
export function flat(fields: Members): Members {
  for (const [name, value] of Object.entries(fields)) {
    const nested = Array.isArray(value) ? value.some((one) => typeof one === 'object') : isMembers(value);
    if (nested)
      throw new BodyError(`the field "${name}" is nested, and this data type carries plain fields only`);
  }
  return fields;
}

function xml(fields: Members, root: string | null): string {
  try {
    return writeXml(fields, root);
  } catch (error) {
    throw error instanceof XmlError ? new BodyError(error.message) : error;
  }
}

function plain(template: Extract<BodyRecipe, { kind: 'plain' }>['template'], source: BodySource): string {
  if (template !== null) {
    return renderFormat(template, (name) => scalarText(source.own[name]), source.base64);
  }
  const values = Object.values(source.sent);
  if (values.length > 1) {
    throw new BodyError(`PLAIN carries one field, and there are ${values.length}; write a plainTemplate`);
  }
  return scalarText(flat(source.sent)[Object.keys(source.sent)[0] ?? '']);
}
