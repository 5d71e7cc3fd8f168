/** How a token is asked for: frozen data from which a request is built. @module */
import type { FieldsRecipe } from './fields-recipe.ts';
import type { Format } from './format.ts';

export interface RequestRecipe {
  readonly method: string;
  /** Null in each: the target's own. */
  readonly server: {
    readonly protocol: 'http' | 'https' | null;
    readonly host: string | null;
    readonly port: number | null;
  };
  readonly path: readonly PathPiece[];
  /** Added to the query as they are named. */
  readonly uriOptions: Readonly<Record<string, unknown>>;
  readonly headers: readonly { readonly name: string; readonly value: Format }[];
  /** The fields before translation, in their order. */
  readonly sources: readonly FieldSource[];
  /** `global_request.authData`: fields where no credential is of that name. */
  readonly authData: Readonly<Record<string, unknown>>;
  /** Fields that go into the query whatever the data type, under the names of the request schema; null: none. */
  readonly queryFields: {
    readonly sources: readonly FieldSource[];
    readonly values: Readonly<Record<string, unknown>>;
  } | null;
  readonly fields: FieldsRecipe;
  readonly body: BodyRecipe;
  /** From connecting to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** The member of the fields that a credential or parameter becomes. */
export interface FieldSource {
  readonly field: string;
  /** A `SecretName`, a name in `parameters`, or `refresh_token`. */
  readonly from: string;
}

export type PathPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'base-path' | 'version' | 'username' | 'password' | 'query' }
  /** From `authData.uriPathVars`, counted from 0. */
  | { readonly kind: 'path-variable'; readonly index: number };

export type BodyRecipe =
  | { readonly kind: 'none' | 'urlencode' | 'form' }
  | { readonly kind: 'json'; readonly nothing: 'no-body' | 'empty-object' }
  | { readonly kind: 'query'; readonly pairs: 'encoded' | 'raw' }
  /** Null: the only field's value. */
  | { readonly kind: 'plain'; readonly template: Format | null }
  | { readonly kind: 'xml'; readonly root: string | null };
