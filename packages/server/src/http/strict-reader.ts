/**
 * Reads fields by their schema, strictly: a known field of another type is refused with its name, never with its value;
 * unknown ones are ignored; null means absent unless the schema keeps it.
 * @module
 */
import { ProblemError } from '../domain/problem.ts';
import type { RawFields } from './json-body.ts';

/** The part of JSON Schema that these schemas use. */
interface FieldSchema {
  readonly type?: 'string' | 'boolean' | 'integer' | 'object' | 'array';
  readonly items?: FieldSchema;
  readonly maxItems?: number;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  /** Set where null is a value. */
  readonly 'x-null'?: 'kept';
  /** Set where every character is let through: what compares it knows what to make of it. */
  readonly 'x-text'?: 'opaque';
  /** Set where an object's members are anybody's: it is taken as it is. */
  readonly 'x-members'?: 'free';
}

/** How a number is written: `7`, or `"7"` where everything is text. */
type Notation = 'json' | 'text';

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
  const { enum: allowed, maxLength = 1024 } = schema;
  const isOpaque = schema['x-text'] === 'opaque';
  return (value, name) => {
    if (typeof value !== 'string')
      throw wrong(name, Array.isArray(value) ? 'is given more than once' : 'must be a string');
    if (value.length > maxLength) throw wrong(name, `may have at most ${maxLength} characters`);
    // Neither can be stored the same way in both databases.
    if (!isOpaque && (value.includes('\0') || !value.isWellFormed()))
      throw wrong(name, 'holds characters that are not allowed');
    if (allowed !== undefined && !allowed.includes(value))
      throw wrong(name, `must be one of: ${allowed.join(', ')}`);
    return value;
  };
}

function readFlag(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw wrong(name, 'must be true or false');
  return value;
}

function wholeReader({ minimum, maximum }: FieldSchema, notation: Notation): ReadField {
  const lowest = minimum ?? Number.MIN_SAFE_INTEGER;
  const highest = maximum ?? Number.MAX_SAFE_INTEGER;
  return (value, name) => {
    const isText = notation === 'text' && typeof value === 'string' && /^-?\d{1,16}$/.test(value);
    const number = isText ? Number(value) : value;
    if (!Number.isSafeInteger(number)) throw wrong(name, 'must be a whole number');
    if ((number as number) < lowest) throw wrong(name, `must be at least ${lowest}`);
    if ((number as number) > highest) throw wrong(name, `must be at most ${highest}`);
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
