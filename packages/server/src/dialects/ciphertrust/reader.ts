/**
 * Reads fields by their schema, tolerantly where clients of this dialect are known to be careless.
 *
 * Empty text and null mean absent; booleans and whole numbers may be text; a list may be one text with commas; unknown fields
 * are ignored. What cannot be read so is refused with the field's name, never with its value.
 * @module
 */
import { ProblemError } from '../../domain/problem.ts';
import { type FieldBounds, textFault, wholeNumberOf } from '../../http/field-faults.ts';
import type { RawFields } from './body.ts';

/** The part of JSON Schema that this dialect's schemas use. */
interface FieldSchema extends FieldBounds {
  readonly type?: 'string' | 'boolean' | 'integer' | 'array' | 'object';
  readonly maxItems?: number;
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  /** Set where empty text is a value. */
  readonly 'x-empty'?: 'kept';
}

type ReadField = (value: unknown, name: string) => unknown;

/** What Fastify expects of a compiled schema. */
type Validate = (data: unknown) => { value: unknown } | { error: Error };

/** Compiles a route's schema; to be set as the plugin's validator compiler. */
export function compileReader({ schema }: { schema: unknown }): Validate {
  const read = fieldsReader(schema as FieldSchema);
  return (data) => {
    try {
      return { value: read((data ?? {}) as RawFields, '') };
    } catch (error) {
      return { error: error as Error };
    }
  };
}

/** Reads an object with declared fields. */
function fieldsReader(schema: FieldSchema): ReadField {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    read: fieldReader(field),
    isRequired: required.has(name),
    keepsEmpty: field['x-empty'] === 'kept',
  }));
  return (data) => {
    const raw = data as RawFields;
    const result: Record<string, unknown> = {};
    for (const { name, read, isRequired, keepsEmpty } of fields) {
      const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
      if (value !== undefined && value !== null && (value !== '' || keepsEmpty))
        result[name] = read(value, name);
      else if (isRequired) throw missing(name);
    }
    return result;
  };
}

function fieldReader(schema: FieldSchema): ReadField {
  switch (schema.type) {
    case 'string':
      return textReader(schema);
    case 'boolean':
      return readFlag;
    case 'integer':
      return wholeReader(schema);
    case 'array':
      return listReader(schema);
    default:
      return schema.properties === undefined ? readObject : nestedReader(schema);
  }
}

function textReader(schema: FieldSchema): ReadField {
  return (value, name) => {
    if (typeof value !== 'string')
      throw wrong(name, Array.isArray(value) ? 'is given more than once' : 'must be text');
    const fault = textFault(value, schema);
    if (fault !== null) throw wrong(name, fault);
    return value;
  };
}

function readFlag(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw wrong(name, 'must be true or false');
}

function wholeReader(schema: FieldSchema): ReadField {
  return (value, name) => {
    const number = wholeNumberOf(value, 'text', schema);
    if (typeof number === 'object') throw wrong(name, number.fault);
    return number;
  };
}

function listReader({ items = {}, maxItems = 1000 }: FieldSchema): ReadField {
  const readItem = fieldReader(items);
  return (value, name) => {
    const list = typeof value === 'string' ? listOf(value) : value;
    if (!Array.isArray(list)) throw wrong(name, 'must be a list');
    if (list.length > maxItems) throw wrong(name, `may have at most ${maxItems} entries`);
    return list.filter((item) => item !== null && item !== '').map((item) => readItem(item, name));
  };
}

/** `[0,5,30]` as the command line sends it, or texts between commas. */
function listOf(text: string): string[] {
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return inner
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function nestedReader(schema: FieldSchema): ReadField {
  const read = fieldsReader(schema);
  return (value, name) => read(readObject(value, name), name);
}

/** An object of the caller's own, kept as it is. */
function readObject(value: unknown, name: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(name, 'must be an object');
  const text = JSON.stringify(value);
  if (text.includes('\\u0000') || /\\ud[89a-f]/i.test(text))
    throw wrong(name, 'holds characters that are not allowed');
  return value;
}

function missing(field: string): ProblemError {
  return new ProblemError({
    kind: 'malformed',
    reason: 'missing_field',
    field,
    message: `${field} is missing.`,
  });
}

/** A field whose value is not allowed: says which and why. */
export function wrong(field: string, what: string): ProblemError {
  return new ProblemError({
    kind: 'invalid_value',
    reason: 'invalid_field',
    field,
    message: `${field}: ${what}.`,
  });
}
