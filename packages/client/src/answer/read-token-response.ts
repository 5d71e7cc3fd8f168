/** Understands the answer to a token request. @module */
import { Secret } from '@tessera/token';
import { isOfType, typeOf } from '../asking/translate-fields.ts';
import { firstOf, memberOf, readPath } from '../datatypes/value-path.ts';
import type { AnswerPiece, AnswerRecipe } from '../plan/answer-recipe.ts';
import { TokenClientError } from '../plan/errors.ts';
import { inlineSecrets } from '../plan/inline-secrets.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { Token } from '../plan/token.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { WireResponse } from '../plan/wire.ts';
import { AnswerFaults } from './answer-faults.ts';
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
 * @throws {TokenClientError} `token_status`, `token_unreadable`, `token_missing`, `token_wrong_type`, `redirect_refused`
 * @see spec, sections 6 and 8
 */
export function readTokenResponse(
  plan: TokenPlan,
  response: WireResponse,
  sentAtMs: number,
  nowMs: number,
  asked: Asked = {},
): Token {
  const { request, answer } = recipesOf(plan, asked.by ?? 'request');
  const faults = new AnswerFaults(plan, request, response, asked.secrets ?? inlineSecrets(plan));
  const isSuccess = response.status >= 200 && response.status <= 299;
  const isRedirect = response.status >= 300 && response.status <= 399 && answer.redirects === 'read';
  if (!isSuccess && !isRedirect) throw faults.refusal();
  try {
    return readAnswer(plan, answer, { response, faults, sentAtMs, nowMs });
  } catch (error) {
    // A redirect is an answer only if it brings a token: where it does not, its status is what matters.
    throw isRedirect && error instanceof TokenClientError ? faults.refusal() : error;
  }
}

function recipesOf(
  plan: TokenPlan,
  by: 'request' | 'refresh',
): { request: RequestRecipe; answer: AnswerRecipe } {
  const { step } = plan;
  if (step.kind !== 'request') throw new TypeError('this plan asks for no token');
  return by === 'refresh' && step.renewal !== null ? step.renewal : step;
}

interface Received {
  readonly response: WireResponse;
  readonly faults: AnswerFaults;
  readonly sentAtMs: number;
  readonly nowMs: number;
}

function readAnswer(plan: TokenPlan, recipe: AnswerRecipe, received: Received): Token {
  const { faults, sentAtMs, nowMs } = received;
  const source = sourceOf(recipe, received);
  const find = (piece: AnswerPiece | null): FoundPiece | null =>
    piece === null ? null : findPiece(piece, source, recipe.cookieStyle);

  const token = find(recipe.token);
  const text = neededText(recipe.token, token, faults);
  const second = find(recipe.tokenp2);
  const secondText = recipe.tokenp2 === null ? '' : secondPiece(recipe, recipe.tokenp2, second, faults);
  const refresh = find(recipe.refreshToken)?.value;
  checkTokenType(recipe, source.root, faults);

  const clues = {
    expires: find(recipe.expires)?.value,
    expiresIn: find(recipe.expiresIn)?.value,
    beside: besideToken(recipe, source.root),
    token: text,
  };
  return {
    token: new Secret(text),
    tokenp2: secondText === '' ? null : new Secret(secondText),
    refreshToken: typeof refresh === 'string' && refresh !== '' ? new Secret(refresh) : null,
    expiresAtMs: expiryOf(plan.lifetime, clues, sentAtMs, nowMs),
    asReceived: asReceived(token, second),
  };
}

/** A body is read only where some property is in it, and has to be readable where one that is needed is. */
function sourceOf(recipe: AnswerRecipe, { response, faults, nowMs }: Received): AnswerSource {
  const { token, tokenp2, tokenp2Use, expires, expiresIn, refreshToken } = recipe;
  const isInBody = (piece: AnswerPiece | null): boolean => piece?.place.kind === 'body';
  const isNeeded = isInBody(token) || (tokenp2Use === 'placed' && isInBody(tokenp2));
  const isWanted = isNeeded || [tokenp2, expires, expiresIn, refreshToken].some(isInBody);
  const document = isWanted ? documentOf(recipe, response, isNeeded ? faults : null) : null;
  const root = document?.kind === 'members' ? firstOf(readPath(document.value, recipe.root)) : undefined;
  return { response, document, root, nowMs };
}

/** @param faults null: who cannot read it does without */
function documentOf(
  recipe: AnswerRecipe,
  response: WireResponse,
  faults: AnswerFaults | null,
): AnswerDocument | null {
  try {
    return readDocument(recipe.datatype, response.body);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    if (faults === null) return null;
    throw faults.fault('token_unreadable', `cannot be read: ${error.message}`);
  }
}

function neededText(piece: AnswerPiece, found: FoundPiece | null, faults: AnswerFaults): string {
  const value = found?.value;
  const place = `${piece.file}#${piece.pointer}`;
  if (value === undefined || value === null || value === '') {
    throw faults.fault('token_missing', `has no ${piece.name} where ${place} looks for it`);
  }
  if (isTokenText(piece, value)) return String(value);
  const declared = piece.types === null ? 'text or a number' : piece.types.join(' or ');
  throw faults.fault(
    'token_wrong_type',
    `has ${piece.name} as ${typeOf(value)}, and ${place}/type wants ${declared}`,
  );
}

/** Empty: there is none, and nothing wants it. */
function secondPiece(
  recipe: AnswerRecipe,
  piece: AnswerPiece,
  found: FoundPiece | null,
  faults: AnswerFaults,
): string {
  if (recipe.tokenp2Use === 'placed') return neededText(piece, found, faults);
  return isTokenText(piece, found?.value) ? String(found?.value) : '';
}

/** Text of a declared type; a number where one is declared, or nothing is. */
function isTokenText(piece: AnswerPiece, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  return piece.types === null || piece.types.some((type) => isOfType(value, type));
}

/** RFC 6749 §5.1: a type that is not understood must not be used. */
function checkTokenType({ tokenType }: AnswerRecipe, root: unknown, faults: AnswerFaults): void {
  const found = memberOf(root, 'token_type');
  if (tokenType === null || found === undefined || String(found).toLowerCase() === tokenType) return;
  throw faults.fault('token_wrong_type', `is a token whose token_type is not ${tokenType}`);
}

/** The object the token is a member of, in which undeclared expiries are looked for. */
function besideToken(recipe: AnswerRecipe, root: unknown): unknown {
  const { place } = recipe.token;
  return place.kind === 'body' ? firstOf(readPath(root, place.path.slice(0, -1))) : root;
}

function asReceived(token: FoundPiece | null, second: FoundPiece | null): Token['asReceived'] {
  const [one, two] = [token?.raw ?? null, second?.raw ?? null];
  if (one === null && two === null) return null;
  return { token: one === null ? null : new Secret(one), tokenp2: two === null ? null : new Secret(two) };
}
