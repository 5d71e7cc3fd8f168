/** Why a token or a call came to nothing: typed, with a cure, and without any secret. @module */

export type Stage = 'load' | 'token' | 'call';

export type ErrorKind =
  | 'configuration'
  | 'token_status'
  | 'token_unreachable'
  | 'token_timeout'
  | 'token_unreadable'
  | 'token_missing'
  | 'token_too_large'
  | 'token_wrong_type'
  | 'request_invalid'
  | 'secret_unavailable'
  | 'store_failed'
  | 'login_required'
  | 'placement_failed'
  | 'unsafe_header'
  | 'foreign_origin'
  | 'call_refused'
  | 'call_status'
  | 'not_repeatable'
  | 'redirect_refused'
  | 'no_mock'
  | 'call_timeout'
  | 'call_disconnected';

/** Codes of the original library, for scripts that look for them. */
export type Icode = `AD.${number}`;

export interface ErrorDetails {
  /** HTTP status; null: no answer arrived, or none was asked for. */
  readonly status?: number | null;
  readonly method?: string | null;
  /** Masked. */
  readonly url?: string | null;
  /** The first 512 characters of the answer, masked. */
  readonly excerpt?: string | null;
  /** What to do about it; null: nothing can be said. */
  readonly cure?: string | null;
  /** How many times the call was sent. */
  readonly attempts?: number;
  readonly icode?: Icode;
  readonly cause?: unknown;
}

const icodes: Readonly<Record<ErrorKind, Icode>> = {
  configuration: 'AD.300',
  token_status: 'AD.402',
  token_unreachable: 'AD.402',
  token_timeout: 'AD.402',
  token_unreadable: 'AD.402',
  token_missing: 'AD.402',
  token_too_large: 'AD.402',
  secret_unavailable: 'AD.402',
  store_failed: 'AD.402',
  login_required: 'AD.402',
  token_wrong_type: 'AD.312',
  request_invalid: 'AD.312',
  placement_failed: 'AD.900',
  unsafe_header: 'AD.900',
  foreign_origin: 'AD.900',
  call_refused: 'AD.500',
  call_status: 'AD.500',
  not_repeatable: 'AD.500',
  redirect_refused: 'AD.500',
  no_mock: 'AD.500',
  call_timeout: 'AD.501',
  call_disconnected: 'AD.502',
};

export class TokenClientError extends Error {
  override readonly name: string = 'TokenClientError';
  readonly kind: ErrorKind;
  readonly stage: Stage;
  readonly status: number | null;
  readonly method: string | null;
  readonly url: string | null;
  readonly excerpt: string | null;
  readonly cure: string | null;
  readonly attempts: number;
  readonly icode: Icode;

  constructor(kind: ErrorKind, stage: Stage, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.kind = kind;
    this.stage = stage;
    this.status = details.status ?? null;
    this.method = details.method ?? null;
    this.url = details.url ?? null;
    this.excerpt = details.excerpt ?? null;
    this.cure = details.cure ?? null;
    this.attempts = details.attempts ?? 0;
    this.icode = details.icode ?? icodes[kind];
  }
}

export type Severity = 'error' | 'warning';

/** One thing wrong in a configuration. */
export interface Problem {
  /** Relative to the `.system` folder; `properties` for the service configuration, `options` for the caller's. */
  readonly file: string;
  /** JSON Pointer (RFC 6901), or `line 3, column 7` of a file that is no JSON. */
  readonly pointer: string;
  readonly reason: string;
  readonly cure: string;
  readonly severity: Severity;
  readonly icode: Icode;
}

/** `action.json#/actions/0/method: is missing; write POST or GET`. */
export function problemText({ file, pointer, reason, cure }: Problem): string {
  const where = pointer === '' || pointer.startsWith('/') ? `${file}#${pointer}` : `${file}, ${pointer}`;
  return `${where}: ${reason}; ${cure}`;
}

/** A configuration that cannot be used, with everything that is wrong in it. */
export class ConfigurationError extends TokenClientError {
  override readonly name: string = 'ConfigurationError';
  /** Errors and warnings, sorted by file and pointer. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    super('configuration', 'load', errors.map(problemText).join('\n'), {
      cure: errors.length === 1 ? (errors[0]?.cure ?? null) : null,
      ...(errors[0] === undefined ? {} : { icode: errors[0].icode }),
    });
    this.problems = problems;
  }
}
