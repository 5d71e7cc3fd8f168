/** The kinds of field that schemas are made of which `strict-reader.ts` reads. @module */
import type { TBoolean, TInteger, TNumberOptions, TSchemaOptions, TString, TUnsafe } from 'typebox';
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

/** One of a few words. */
export function word<const Word extends string>(words: readonly Word[], about: About = {}): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: 'string', enum: words, ...about });
}
