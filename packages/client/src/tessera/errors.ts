/** Why a request came to nothing. No message holds a secret that was sent or received. @module */

/** The server said no. */
export class RefusedError extends Error {
  override readonly name: 'RefusedError' = 'RefusedError';
  readonly status: number;
  /** The JSON object the server explained it with; null: it sent none. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Whether it said that the token is genuine and nothing but too old (`X-Expired-Token`). */
  readonly saysExpired: boolean;

  constructor(status: number, body: Readonly<Record<string, unknown>> | null, saysExpired: boolean) {
    const said = body?.message ?? inner(body).description;
    super(`the server answered ${status}: ${typeof said === 'string' ? said : 'no explanation'}`);
    this.status = status;
    this.body = body;
    this.saysExpired = saysExpired;
  }
}

/** The object some interfaces put their explanation into. */
function inner(body: RefusedError['body']): Readonly<Record<string, unknown>> {
  const { error } = body ?? {};
  return typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>) : {};
}

/** No answer arrived. The request may have had its effect all the same, unless `fault` is `certificate`. */
export class UnreachableError extends Error {
  override readonly name: 'UnreachableError' = 'UnreachableError';
  readonly fault: 'certificate' | 'timeout' | 'network';

  /** Words the failure as Go's HTTP client does: `Post URL: REASON`; programs in the field look for it. */
  constructor(method: string, url: URL, fault: UnreachableError['fault'], reason: string) {
    super(`${method.charAt(0)}${method.slice(1).toLowerCase()} ${url.href}: ${reason}`);
    this.fault = fault;
  }
}

/** An answer arrived that a Tessera server does not give: something else listens there. */
export class AnswerError extends Error {
  override readonly name: 'AnswerError' = 'AnswerError';
}

/** Whether the password was right and only the one-time password is missing. */
export function isOneTimePasswordRequired(error: unknown): boolean {
  if (!(error instanceof RefusedError) || error.status !== 401) return false;
  return error.body?.message === 'One-time password required.' || inner(error.body).code === 'otp_required';
}
