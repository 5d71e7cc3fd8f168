/** Where a call carries its token: frozen data. @module */
import type { Format } from './format.ts';

export type Placement =
  | { readonly kind: 'header'; readonly name: string; readonly format: Format }
  | { readonly kind: 'basic' | 'query' | 'path'; readonly format: Format }
  | { readonly kind: 'body'; readonly path: readonly string[]; readonly format: Format };

export interface Placing {
  readonly fields: string | readonly string[];
  readonly formats: string | readonly string[];
  /** Whether answers declare a `tokenp2` that formats may name. */
  readonly tokenp2: 'declared' | 'absent';
}
