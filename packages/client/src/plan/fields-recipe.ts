/** Fields of a request and how they become a document: frozen data. @module */
export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** Where a value is in a document: names, and numbers for elements of arrays. */
export type ValuePath = readonly (string | number)[];

export interface FieldsRecipe {
  readonly translation: 'by-schema' | 'none';
  /** What becomes of fields that the schema does not declare. */
  readonly undeclared: 'sent' | 'dropped';
  readonly properties: readonly FieldRecipe[];
}

export interface FieldRecipe {
  readonly name: string;
  /** Null: not sent. */
  readonly path: ValuePath | null;
  /** Null: any. */
  readonly types: readonly JsonType[] | null;
  readonly required: boolean;
  /** Null: any. */
  readonly allowed: readonly unknown[] | null;
  /** Fills absence; undefined: nothing does. */
  readonly fallback: unknown;
  readonly encoding: 'none' | 'base64';
  /** Of an object's members; null: sent as they are. */
  readonly members: FieldsRecipe | null;
  readonly file: string;
  readonly pointer: string;
}
