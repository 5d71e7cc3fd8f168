/** The kinds of field that schemas are made of which `strict-reader.ts` reads. @module */
import type {
  TArray,
  TBoolean,
  TInteger,
  TNumberOptions,
  TSchema,
  TSchemaOptions,
  TString,
  TUnsafe,
} from 'typebox';
import type { JsonValue } from '../domain/tenancy.ts';
import { Type } from './schema.ts';

interface About {
  readonly description?: string;
}

/** Names, ids, texts for people: whatever both databases can keep. */
export function text(about: About = {}): TString {
  return Type.String({ maxLength: 1024, ...about });
}

/** Text nothing is assumed about, not even its characters: a password, a token. */
export function opaque(about: About = {}): TString {
  return Type.String({ maxLength: 65_536, 'x-text': 'opaque', ...about });
}

/** {@link text}, where `null` is not the same as nothing at all. */
export function textOrNull(about: About = {}): TUnsafe<string | null> {
  return Type.Unsafe<string | null>({ type: 'string', maxLength: 1024, 'x-null': 'kept', ...about });
}

/** A whole number; in a query, written as text. */
export function whole(about: TNumberOptions = {}): TInteger {
  return Type.Integer(about);
}

export function flag(about: TSchemaOptions = {}): TBoolean {
  return Type.Boolean(about);
}

/** A list, in which nothing is null. */
export function list<Item extends TSchema>(items: Item, about: TSchemaOptions = {}): TArray<Item> {
  return Type.Array(items, about);
}

/** An object whose members are anybody's. */
export function members(about: About = {}): TUnsafe<Readonly<Record<string, JsonValue>>> {
  return Type.Unsafe<Readonly<Record<string, JsonValue>>>({ type: 'object', 'x-members': 'free', ...about });
}

/** One of a few words. */
export function word<const Word extends string>(words: readonly Word[], about: About = {}): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: 'string', enum: words, ...about });
}
