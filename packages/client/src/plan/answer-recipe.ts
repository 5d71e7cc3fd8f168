/** How an answer is understood: frozen data that says where its token is. @module */
import type { JsonType, ValuePath } from './fields-recipe.ts';

export type AnswerDatatype = 'json' | 'xml' | 'plain' | 'xml2json' | 'urlencode';

export interface AnswerRecipe {
  readonly datatype: AnswerDatatype;
  /** Where the answer proper begins. */
  readonly root: ValuePath;
  readonly token: AnswerPiece;
  readonly tokenp2: AnswerPiece | null;
  /** Whether an answer without `tokenp2` is an error. */
  readonly tokenp2Use: 'placed' | 'unused';
  readonly expires: AnswerPiece | null;
  readonly expiresIn: AnswerPiece | null;
  readonly refreshToken: AnswerPiece | null;
  readonly cookieStyle: 'pair' | 'original';
  /** Whether 3xx is read as an answer too. */
  readonly redirects: 'read' | 'refused';
  /** `token_type` the answer must have if it has one, in lower case; null: any. */
  readonly tokenType: string | null;
}

/** One property of a response schema. */
export interface AnswerPiece {
  readonly name: string;
  readonly place: AnswerPlace;
  /** Null: any. */
  readonly types: readonly JsonType[] | null;
  readonly fallback: unknown;
  readonly encoding: 'none' | 'base64';
  readonly parse: 'text' | 'json';
  /** Cuts of a PLAIN or XML answer; empty: none. */
  readonly front: string;
  readonly end: string;
  readonly file: string;
  readonly pointer: string;
}

export type AnswerPlace =
  | { readonly kind: 'body'; readonly path: ValuePath }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string }
  | { readonly kind: 'all-cookies' | 'request-cookie' };
