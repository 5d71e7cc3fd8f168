/**
 * Reads fields by their schema, strictly: a known field of another type is refused with its name, never with its value;
 * unknown ones are ignored; null means absent unless the schema keeps it.
 * @module
 */
import { ProblemError } from '../domain/problem.ts';
import { type FieldBounds, type Notation, textFault, wholeNumberOf } from './field-faults.ts';
import type { RawFields } from './json-body.ts';

/** The part of JSON Schema that these schemas use. */
interface FieldSchema extends FieldBounds {
  readonly type?: 'string' | 'boolean' | 'integer' | 'object' | 'array';
  readonly items?: FieldSchema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  /** Set where null is a value. */
  readonly 'x-null'?: 'kept';
  /** Set where an object's members are anybody's: it is taken as it is. */
  readonly 'x-members'?: 'free';
}

type ReadField = (value: unknown, name: string) => unknown;

/** What Fastify expects of a compiled schema. */
type Validate = (data: unknown) => { value: unknown } | { error: Error };

/** Compiles a route's schema; to be set as the plugin's validator compiler. */
export function compileReader({ schema, httpPart }: { schema: unknown; httpPart?: string }): Validate {
  const read = fieldsReader(schema as FieldSchema, httpPart === 'body' ? 'json' : 'text', '');
  return (data) => {
    try {
      return { value: read(data ?? {}, '') };
    } catch (error) {
      return { error: error as Error };
    }
  };
}

/** Reads an object with declared fields. */
function fieldsReader(schema: FieldSchema, notation: Notation, prefix: string): ReadField {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    path: prefix + name,
    read: fieldReader(field, notation, `${prefix}${name}.`),
    isRequired: required.has(name),
    keepsNull: field['x-null'] === 'kept',
  }));
  return (data) => {
    const raw = data as RawFields;
    const result: Record<string, unknown> = {};
    for (const { name, path, read, isRequired, keepsNull } of fields) {
      const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
      if (value === null && keepsNull) result[name] = null;
      else if (value !== undefined && value !== null) result[name] = read(value, path);
      else if (isRequired) throw missing(path);
    }
    return result;
  };
}

function fieldReader(schema: FieldSchema, notation: Notation, prefix: string): ReadField {
  switch (schema.type) {
    case 'string':
      return textReader(schema);
    case 'boolean':
      return readFlag;
    case 'integer':
      return wholeReader(schema, notation);
    case 'array':
      return listReader(schema, notation);
    default:
      return nestedReader(schema, notation, prefix);
  }
}

function textReader(schema: FieldSchema): ReadField {
  return (value, name) => {
    if (typeof value !== 'string')
      throw wrong(name, Array.isArray(value) ? 'is given more than once' : 'must be a string');
    const fault = textFault(value, schema);
    if (fault !== null) throw wrong(name, fault);
    return value;
  };
}

function readFlag(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw wrong(name, 'must be true or false');
  return value;
}

function wholeReader(schema: FieldSchema, notation: Notation): ReadField {
  return (value, name) => {
    const number = wholeNumberOf(value, notation, schema);
    if (typeof number === 'object') throw wrong(name, number.fault);
    return number;
  };
}

const mostItems = 1000;

function listReader({ items = {}, maxItems = mostItems }: FieldSchema, notation: Notation): ReadField {
  const readItem = fieldReader(items, notation, '');
  return (value, name) => {
    if (!Array.isArray(value)) throw wrong(name, 'must be a list');
    if (value.length > maxItems) throw wrong(name, `may have at most ${maxItems} entries`);
    return value.map((item) => readItem(item, name));
  };
}

function nestedReader(schema: FieldSchema, notation: Notation, prefix: string): ReadField {
  const read = fieldsReader(schema, notation, prefix);
  return (value, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(name, 'must be an object');
    return schema['x-members'] === 'free' ? value : read(value, name);
  };
}

/** A field that this request cannot do without. */
export function missing(field: string): ProblemError {
  return new ProblemError({ kind: 'malformed', reason: 'missing_field', field, message: 'is missing' });
}

/** A field whose value is not allowed: says which and why. */
export function wrong(field: string, what: string): ProblemError {
  return new ProblemError({ kind: 'invalid_value', reason: 'invalid_field', field, message: what });
}
