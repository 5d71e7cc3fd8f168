/**
 * Builds the schemas of routes: TypeBox's types, without loading TypeBox.
 *
 * What it builds is plain JSON Schema, of which the few forms below are needed; loading all of TypeBox for them would cost every
 * start 60 ms and 8 MiB.
 * @module
 */
import type { Type as TypeBox } from 'typebox';

type Schema = Readonly<Record<string, unknown>>;

/** Marks a field that may be absent; not enumerable, so that it is in no document. */
const optional = Symbol('optional');

const builders = {
  String: (options: Schema = {}): Schema => ({ type: 'string', ...options }),
  Boolean: (options: Schema = {}): Schema => ({ type: 'boolean', ...options }),
  Integer: (options: Schema = {}): Schema => ({ type: 'integer', ...options }),
  Array: (items: Schema, options: Schema = {}): Schema => ({ type: 'array', items, ...options }),
  Object: (properties: Readonly<Record<string, Schema>>, options: Schema = {}): Schema => {
    const required = Object.keys(properties).filter((name) => !(optional in (properties[name] ?? {})));
    return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options };
  },
  Optional: (schema: Schema): Schema => Object.defineProperty({ ...schema }, optional, { value: true }),
  Unsafe: (schema: Schema): Schema => schema,
};

export const Type: Pick<typeof TypeBox, keyof typeof builders> = builders as never;
