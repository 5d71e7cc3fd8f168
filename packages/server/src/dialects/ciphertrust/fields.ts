/** Kinds of fields, as JSON Schema: what `reader.ts` reads by and `/openapi.json` shows. @module */
import type {
  TArray,
  TBoolean,
  TInteger,
  TNumberOptions,
  TOptional,
  TSchemaOptions,
  TString,
  TUnsafe,
} from 'typebox';
import type { JsonObject } from '../../domain/tenancy.ts';
import { Type } from '../../http/schema.ts';

interface About {
  description?: string;
}

/** Text of at most 1024 characters. */
export function text(about: About & { maxLength?: number } = {}): TString {
  return Type.String({ maxLength: 1024, ...about });
}

/** Text nothing is assumed about, not even its characters: a password, a token. */
export function opaque(about: About = {}): TString {
  return Type.String({ maxLength: 65_536, 'x-text': 'opaque', ...about });
}

/** True or false, in any letter case, also as text. */
export function flag(about: TSchemaOptions = {}): TBoolean {
  return Type.Boolean(about);
}

/** A whole number, also as text. */
export function whole(about: TNumberOptions = {}): TInteger {
  return Type.Integer(about);
}

/** A list of texts, or one text with commas. */
export function texts(about: About = {}): TArray<TString> {
  return Type.Array(text(), { maxItems: 100, ...about });
}

/** One of a few words. */
export function word<const Word extends string>(words: readonly Word[], about: About = {}): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: 'string', enum: words, ...about });
}

/** A list of such words, or one text with commas. */
export function words<const Word extends string>(known: readonly Word[], about: About = {}): TUnsafe<Word[]> {
  return Type.Unsafe<Word[]>({
    type: 'array',
    maxItems: 100,
    items: { type: 'string', enum: known },
    ...about,
  });
}

/** A JSON object of the caller's own. */
export function freeObject(about: About = {}): TUnsafe<JsonObject> {
  return Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true, ...about });
}

/** Where a list starts and how long it may be; see `listRange`. */
export const range: { readonly skip: TOptional<TInteger>; readonly limit: TOptional<TInteger> } = {
  skip: Type.Optional(whole({ minimum: 0, description: 'How many to leave out; 0 if absent.' })),
  limit: Type.Optional(whole({ minimum: 0, description: 'How many at most; 10 if absent, 2000 at most.' })),
};
