/** From what a caller wrote to a call that is ready but for its token. @module */

import { callUrl } from '../plan/call-url.ts';
import { TokenClientError } from '../plan/errors.ts';
import { type Overrides, overridePlan } from '../plan/override-plan.ts';
import { originOf, withOptions } from '../plan/render-path.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { Header } from '../plan/wire.ts';
import { cacheKey } from '../token-source/cache-key.ts';
import type { TokenTarget } from '../token-source/token-source.ts';
import type { Call, CallBody } from './call.ts';
import { bodySource } from './call-body.ts';
import { callHeaders } from './call-headers.ts';
import { type PreparedCall, prepareCall } from './prepared-call.ts';

/** What does not change from call to call. */
export interface CallBase {
  readonly target: TokenTarget;
  readonly hmacKey: Uint8Array;
  readonly origin: string;
  readonly headers: readonly Header[];
}

export function callBase(plan: TokenPlan, hmacKey: Uint8Array): CallBase {
  return {
    target: { plan, authData: null, key: cacheKey(plan, null, hmacKey) },
    hmacKey,
    origin: originOf(plan.target),
    headers: Object.entries(plan.calls.headers),
  };
}

/** @throws {TokenClientError} before anything is asked for or sent */
export function targetFor(
  base: CallBase,
  authData: Call['authData'],
  overrides: Overrides | undefined,
): TokenTarget {
  if (authData === undefined && overrides === undefined) return base.target;
  const plan = overrides === undefined ? base.target.plan : overridePlan(base.target.plan, overrides);
  return { plan, authData: authData ?? null, key: cacheKey(plan, authData ?? null, base.hmacKey) };
}

export interface Written {
  readonly target: TokenTarget;
  readonly method: string;
  readonly path: string;
  readonly query: Call['query'];
  readonly headers: Iterable<Header>;
  /** Where neither caller nor configuration names them. */
  readonly usual: readonly Header[];
  readonly body: CallBody | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
  readonly bodyOnGet?: 'as-configured' | 'refused';
}

/** @throws {TokenClientError} `foreign_origin`, `placement_failed` */
export async function prepareRequest(base: CallBase, written: Written): Promise<PreparedCall> {
  const { target, headers, usual, body, timeoutMs, signal } = written;
  const { calls } = target.plan;
  const method = written.method.toUpperCase();
  const source = bodySource(body, method === 'GET' ? {} : calls.payload);
  return prepareCall({
    target,
    method,
    url: urlOf(base, written),
    headers: (contentType) =>
      callHeaders(
        headers,
        base.headers,
        contentType === null ? usual : [...usual, ['Content-Type', contentType]],
      ),
    body: source instanceof Promise ? await source : source,
    timeoutMs,
    signal,
    bodyOnGet: written.bodyOnGet ?? 'as-configured',
  });
}

/** Characters that need nothing done to them. */
const plainPath = /^\/[\w\-.~!$&'()*+,;=:@/%?]*$/;

function urlOf(base: CallBase, { target, path, query }: Written): string {
  const { plan } = target;
  const { uriOptions } = plan.calls;
  const hasOptions = query !== undefined || Object.keys(uriOptions).length > 0;
  if (plan === base.target.plan && !hasOptions && plainPath.test(path)) return base.origin + path;
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(path) ?? [];
  const asked = withOptions(address, present(query ?? {}));
  const isAbsolute = /^[a-z][a-z\d+.-]*:/i.test(path);
  if (isAbsolute) return withOptions(absolute(plan, asked), uriOptions) + fragment;
  return callUrl(plan.target, asked + fragment, uriOptions);
}

const present = (query: NonNullable<Call['query']>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query)
      .map(([name, value]) => [name, Array.isArray(value) ? value.filter(isThere) : value] as const)
      .filter(([, value]) => isThere(value)),
  );

const isThere = (value: unknown): boolean => value !== null && value !== undefined;

function absolute(plan: TokenPlan, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const own = new URL(originOf(plan.target)).origin;
  const allowed = plan.allowedOrigins.filter((one) => URL.canParse(one)).map((one) => new URL(one).origin);
  if (url !== null && [own, ...allowed].includes(url.origin) && url.username === '' && url.password === '')
    return url.href;
  throw new TokenClientError(
    'foreign_origin',
    'call',
    `The token goes to ${own} and to "allowedOrigins" only, not to ${url?.origin ?? 'what is no URL'}.`,
    { cure: 'Pass a path, or add that origin to "allowedOrigins" if it may have the token.' },
  );
}
