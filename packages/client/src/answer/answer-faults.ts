/** What was wrong with an answer to a token request, in words that hold no secret. @module */
import { maskedTokenUrl } from '../masking/describe-request.ts';
import { maskBody } from '../masking/mask-text.ts';
import { type ErrorDetails, type ErrorKind, TokenClientError } from '../plan/errors.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import { headerValue, type WireResponse } from '../plan/wire.ts';

export class AnswerFaults {
  readonly #plan: TokenPlan;
  readonly #request: RequestRecipe;
  readonly #response: WireResponse;
  readonly #url: string;
  readonly #excerpt: () => string;

  constructor(plan: TokenPlan, request: RequestRecipe, response: WireResponse, secrets: Secrets) {
    this.#plan = plan;
    this.#request = request;
    this.#response = response;
    this.#url = maskedTokenUrl(plan, request);
    this.#excerpt = () => maskBody(response.body, secrets, plan.sensitive);
  }

  /** The answer was understood, or cannot be, and has no token to use. */
  fault(kind: ErrorKind, reason: string): TokenClientError {
    return this.#error(kind, `The answer to ${this.#request.method} ${this.#url} ${reason}.`, {
      cure: 'Compare the response schema and responseDatatype with what the server answers.',
    });
  }

  /** The status says that there is no token. */
  refusal(): TokenClientError {
    if (this.#leadsElsewhere()) return this.#elsewhere();
    const { status } = this.#response;
    const excerpt = this.#excerpt();
    const said = excerpt === '' ? '' : ` ${excerpt}`;
    const cure = `Check username and password, and that the server reads ${datatypeOf(this.#request)}.`;
    const message = `Token request refused: ${this.#request.method} ${this.#url} answered ${status}${said}. ${cure}`;
    const icode = this.#plan.lifetime.kind === 'per-call' ? ({ icode: 'AD.400' } as const) : {};
    return this.#error('token_status', message, { cure, ...icode });
  }

  #elsewhere(): TokenClientError {
    const { status } = this.#response;
    const message = `Token request not followed: ${this.#request.method} ${this.#url} answered ${status} and leads to another origin.`;
    return this.#error('redirect_refused', message, {
      cure: 'Set sso of the action to the server that gives the tokens.',
      icode: 'AD.402',
    });
  }

  #leadsElsewhere(): boolean {
    const { status, headers } = this.#response;
    const location = status >= 300 && status <= 399 ? headerValue(headers, 'location') : null;
    const target = location === null ? null : URL.parse(location, this.#url);
    return target !== null && target.origin !== URL.parse(this.#url)?.origin;
  }

  #error(kind: ErrorKind, message: string, details: ErrorDetails): TokenClientError {
    return new TokenClientError(kind, 'token', message, {
      status: this.#response.status,
      method: this.#request.method,
      url: this.#url,
      excerpt: this.#excerpt(),
      ...details,
    });
  }
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
