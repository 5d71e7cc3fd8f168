/** A format such as `Bearer {token}`, compiled: from here on nothing in a value is looked at again. @module */

export type FormatPiece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'variable';
      /** `token`, `tokenp2` or a `SecretName`; in a PLAIN template the name of a property of the request schema. */
      readonly name: string;
      readonly encoding: 'none' | 'percent' | 'form';
    }
  /** `{b64}…{/b64}`: base64 of the UTF-8 of what is between. */
  | {
      readonly kind: 'base64';
      readonly pieces: readonly FormatPiece[];
      readonly encoding: 'none' | 'percent';
    };

export type Format = readonly FormatPiece[];
