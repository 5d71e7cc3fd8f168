/** Understands the answer to a token request. @module */
import { Secret } from '@tessera/token';
import { inlineSecrets } from '../asking/build-token-request.ts';
import { isOfType, typeOf } from '../asking/translate-fields.ts';
import { firstOf, memberOf, readPath } from '../datatypes/value-path.ts';
import { maskedTokenUrl } from '../masking/describe-request.ts';
import { maskBody } from '../masking/mask-text.ts';
import { type ErrorDetails, type ErrorKind, TokenClientError } from '../plan/errors.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { Token } from '../plan/token.ts';
import type { AnswerPiece, AnswerRecipe, RequestRecipe, TokenPlan } from '../plan/token-plan.ts';
import type { WireResponse } from '../plan/wire.ts';
import { expiryOf } from './expiry.ts';
import { type AnswerDocument, DocumentError, readDocument } from './read-document.ts';
import { type AnswerSource, type FoundPiece, findPiece } from './read-piece.ts';

/** What was asked. */
export interface Asked {
  readonly by?: 'request' | 'refresh';
  /** Those of the request: an excerpt of the answer masks them. The plan's own where they are not given. */
  readonly secrets?: Secrets;
}

/**
 * The token in an answer. An answer of any shape gives a token or a typed error.
 *
 * @param sentAtMs when the request was sent: lifetimes count from there
 * @throws {TokenClientError} `token_status`, `token_unreadable`, `token_missing`, `token_wrong_type`
 * @see spec, sections 6 and 8
 */
export function readTokenResponse(
  plan: TokenPlan,
  response: WireResponse,
  sentAtMs: number,
  nowMs: number,
  asked: Asked = {},
): Token {
  const reading = new Reading(plan, response, asked);
  const { recipe } = reading;
  if (!isAnswer(response.status, recipe)) throw reading.refusal();
  const source = reading.source(nowMs);
  const find = (piece: AnswerPiece | null): FoundPiece | null =>
    piece === null ? null : findPiece(piece, source, recipe.cookieStyle);

  const token = find(recipe.token);
  const text = reading.textOf(recipe.token, token, 'needed');
  const second = find(recipe.tokenp2);
  const secondText =
    recipe.tokenp2 === null
      ? null
      : reading.textOf(recipe.tokenp2, second, recipe.tokenp2Use === 'placed' ? 'needed' : 'unused');
  const refresh = find(recipe.refreshToken)?.value;
  reading.checkTokenType(source.root);

  const clues = {
    expires: find(recipe.expires)?.value,
    expiresIn: find(recipe.expiresIn)?.value,
    beside: besideToken(recipe, source.root),
    token: text,
  };
  return {
    token: new Secret(text),
    tokenp2: secondText === null || secondText === '' ? null : new Secret(secondText),
    refreshToken: typeof refresh === 'string' && refresh !== '' ? new Secret(refresh) : null,
    expiresAtMs: expiryOf(plan.lifetime, clues, sentAtMs, nowMs),
    asReceived: asReceived(token, second),
  };
}

function isAnswer(status: number, recipe: AnswerRecipe): boolean {
  return (status >= 200 && status <= 299) || (recipe.redirects === 'read' && status >= 300 && status <= 399);
}

function asReceived(token: FoundPiece | null, second: FoundPiece | null): Token['asReceived'] {
  const [one, two] = [token?.raw ?? null, second?.raw ?? null];
  if (one === null && two === null) return null;
  return { token: one === null ? null : new Secret(one), tokenp2: two === null ? null : new Secret(two) };
}

/** The object the token is a member of, in which undeclared expiries are looked for. */
function besideToken(recipe: AnswerRecipe, root: unknown): unknown {
  const { place } = recipe.token;
  return place.kind === 'body' ? firstOf(readPath(root, place.path.slice(0, -1))) : root;
}

class Reading {
  readonly recipe: AnswerRecipe;
  readonly #plan: TokenPlan;
  readonly #request: RequestRecipe;
  readonly #response: WireResponse;
  readonly #secrets: Secrets;

  constructor(plan: TokenPlan, response: WireResponse, asked: Asked) {
    const { step } = plan;
    if (step.kind !== 'request') throw new TypeError('this plan asks for no token');
    const renewal = asked.by === 'refresh' ? step.renewal : null;
    this.recipe = renewal?.answer ?? step.answer;
    this.#request = renewal?.request ?? step.request;
    this.#plan = plan;
    this.#response = response;
    this.#secrets = asked.secrets ?? inlineSecrets(plan);
  }

  source(nowMs: number): AnswerSource {
    const document = this.#needsBody() ? this.#document() : null;
    const root =
      document?.kind === 'members' ? firstOf(readPath(document.value, this.recipe.root)) : undefined;
    return { response: this.#response, document, root, nowMs };
  }

  textOf(piece: AnswerPiece, found: FoundPiece | null, use: 'needed' | 'unused'): string {
    const value = found?.value;
    if (value === undefined || value === null || value === '') {
      if (use === 'unused') return '';
      throw this.#fault(
        'token_missing',
        `has no ${piece.name} where ${piece.file}#${piece.pointer} looks for it`,
      );
    }
    if (isTokenText(piece, value)) return String(value);
    if (use === 'unused') return '';
    const declared = piece.types === null ? 'text or a number' : piece.types.join(' or ');
    const reason = `has ${piece.name} as ${typeOf(value)}, and ${piece.file}#${piece.pointer}/type wants ${declared}`;
    throw this.#fault('token_wrong_type', reason);
  }

  /** RFC 6749 §5.1: a type that is not understood must not be used. */
  checkTokenType(root: unknown): void {
    const { tokenType } = this.recipe;
    const found = memberOf(root, 'token_type');
    if (tokenType === null || found === undefined || String(found).toLowerCase() === tokenType) return;
    throw this.#fault('token_wrong_type', `is a token whose token_type is not ${tokenType}`);
  }

  refusal(): TokenClientError {
    const { status } = this.#response;
    const excerpt = this.#excerpt();
    const said = excerpt === '' ? '' : ` ${excerpt}`;
    const cure = `Check username and password, and that the server reads ${datatypeOf(this.#request)}.`;
    return this.#error(
      'token_status',
      `Token request refused: ${this.#address()} answered ${status}${said}. ${cure}`,
      {
        cure,
        ...(this.#plan.lifetime.kind === 'per-call' ? { icode: 'AD.400' } : {}),
      },
    );
  }

  #needsBody(): boolean {
    const { token, tokenp2, expires, expiresIn, refreshToken } = this.recipe;
    return [token, tokenp2, expires, expiresIn, refreshToken].some((piece) => piece?.place.kind === 'body');
  }

  #document(): AnswerDocument {
    try {
      return readDocument(this.recipe.datatype, this.#response.body);
    } catch (error) {
      if (error instanceof DocumentError)
        throw this.#fault('token_unreadable', `cannot be read: ${error.message}`);
      throw error;
    }
  }

  #fault(kind: ErrorKind, reason: string): TokenClientError {
    return this.#error(kind, `The answer to ${this.#address()} ${reason}.`, {
      cure: 'Compare the response schema and responseDatatype with what the server answers.',
    });
  }

  #error(kind: ErrorKind, message: string, details: ErrorDetails): TokenClientError {
    return new TokenClientError(kind, 'token', message, {
      status: this.#response.status,
      method: this.#request.method,
      url: maskedTokenUrl(this.#plan, this.#request),
      excerpt: this.#excerpt(),
      ...details,
    });
  }

  #address(): string {
    return `${this.#request.method} ${maskedTokenUrl(this.#plan, this.#request)}`;
  }

  #excerpt(): string {
    return maskBody(this.#response.body, this.#secrets, this.#plan.sensitive);
  }
}

/** Text of a declared type; a number where one is declared, or nothing is. */
function isTokenText(piece: AnswerPiece, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  return piece.types === null || piece.types.some((type) => isOfType(value, type));
}

function datatypeOf({ body }: RequestRecipe): string {
  const names = {
    none: 'it',
    json: 'JSON',
    urlencode: 'URLENCODE',
    form: 'FORM',
    query: 'URLQUERY',
    plain: 'PLAIN',
    xml: 'XML',
  };
  return names[body.kind];
}
