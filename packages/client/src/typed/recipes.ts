/** Pieces of a plan that typed configurations have in common. @module */

import type { AnswerPiece, AnswerPlace, AnswerRecipe } from '../plan/answer-recipe.ts';
import type { FieldsRecipe, ValuePath } from '../plan/fields-recipe.ts';
import type { Format, FormatPiece } from '../plan/format.ts';
import type { BodyRecipe, FieldSource, RequestRecipe } from '../plan/request-recipe.ts';
import type { SecretName } from '../plan/secrets.ts';

/** Fields as they are, in the order of their sources. */
const asTheyAre: FieldsRecipe = { translation: 'none', undeclared: 'sent', properties: [] };

export type RecipeHeader = RequestRecipe['headers'][number];

export interface Asking {
  readonly method?: string;
  readonly url: URL;
  readonly headers: readonly RecipeHeader[];
  readonly sources: readonly FieldSource[];
  readonly fields?: FieldsRecipe;
  /** Fields that are the same in every request. */
  readonly fixed?: RequestRecipe['authData'];
  readonly body: BodyRecipe;
  readonly timeoutMs: number;
}

export function requestRecipe({
  method = 'POST',
  url,
  fields = asTheyAre,
  fixed = {},
  ...rest
}: Asking): RequestRecipe {
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return {
    ...rest,
    method,
    server: { protocol, host: url.hostname, port: url.port === '' ? usualPort[protocol] : Number(url.port) },
    path: [{ kind: 'text', text: url.pathname + url.search }],
    uriOptions: {},
    authData: fixed,
    queryFields: null,
    fields,
  };
}

export const usualPort = { http: 80, https: 443 } as const;

export const text = (words: string): FormatPiece => ({ kind: 'text', text: words });

export const variable = (
  name: SecretName | 'refresh_token',
  encoding: 'none' | 'form' = 'none',
): FormatPiece => ({
  kind: 'variable',
  name,
  encoding,
});

export const header = (name: string, ...value: Format): RecipeHeader => ({ name, value });

export interface Answering extends Partial<Pick<AnswerRecipe, 'datatype' | 'tokenType'>> {
  readonly token: AnswerPlace;
  readonly tokenp2?: AnswerPlace | null;
  readonly expires?: AnswerPlace | null;
  readonly expiresIn?: AnswerPlace | null;
  readonly refreshToken?: AnswerPlace | null;
}

export function answerRecipe(answering: Answering): AnswerRecipe {
  const { datatype = 'json', tokenType = null, token, tokenp2, expires, expiresIn, refreshToken } = answering;
  const optional = (name: string, place: AnswerPlace | null | undefined): AnswerPiece | null =>
    place == null ? null : piece(name, place, null);
  return {
    datatype,
    root: [],
    token: piece('token', token, ['string']),
    tokenp2: optional('tokenp2', tokenp2),
    tokenp2Use: 'placed',
    expires: optional('expires', expires),
    expiresIn: optional('expiresIn', expiresIn),
    refreshToken: optional('refreshToken', refreshToken),
    cookieStyle: 'pair',
    redirects: 'refused',
    tokenType,
  };
}

export const member = (...path: ValuePath): AnswerPlace => ({ kind: 'body', path });

function piece(name: string, place: AnswerPlace, types: AnswerPiece['types']): AnswerPiece {
  return {
    name,
    place,
    types,
    fallback: undefined,
    encoding: 'none',
    parse: 'text',
    front: '',
    end: '',
    file: 'config',
    pointer: `/token/answer/${name}`,
  };
}
