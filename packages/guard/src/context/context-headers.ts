/** The headers that name a request's token, domain and tenant, each at most once. @module */

/**
 * A request's headers where duplicates can still be seen: Node's `rawHeaders` (names and values in turn) or `headersDistinct`.
 * Of a fetch `Headers`: `[...headers].flat()`. Never Node's `headers`, which may keep one of several.
 */
export type SeenHeaders = readonly string[] | Readonly<Record<string, readonly string[] | undefined>>;

export type SingleHeader =
  | { readonly kind: 'absent' }
  /** Several, comma-joined (even if they agree: two readers might pick different ones), or empty. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'value'; readonly value: string };

const absent: SingleHeader = Object.freeze({ kind: 'absent' });
const malformed: SingleHeader = Object.freeze({ kind: 'malformed' });

/** @param name in any letter case */
export function readSingleHeader(headers: SeenHeaders, name: string): SingleHeader {
  const values = isRaw(headers) ? rawValues(headers, name.toLowerCase()) : headers[name.toLowerCase()];
  const [first] = values ?? [];
  if (first === undefined) return absent;
  const value = first.trim();
  return values?.length === 1 && value !== '' && !value.includes(',') ? { kind: 'value', value } : malformed;
}

const contextHeaderNames = { token: 'X-Auth-Token', domain: 'X-Domain', tenantId: 'X-Tenant-ID' } as const;
export type ContextHeaderName = (typeof contextHeaderNames)[keyof typeof contextHeaderNames];

export type ContextHeaders =
  | {
      readonly kind: 'read';
      /** Absent ones are null. */
      readonly token: string | null;
      readonly domain: string | null;
      readonly tenantId: string | null;
    }
  /** Answer 400. */
  | { readonly kind: 'malformed'; readonly header: ContextHeaderName };

/** Reads `X-Auth-Token`, `X-Domain` and `X-Tenant-ID`. */
export function readContextHeaders(headers: SeenHeaders): ContextHeaders {
  const values = { token: null, domain: null, tenantId: null } as Record<ContextMember, string | null>;
  for (const member of ['token', 'domain', 'tenantId'] as const) {
    const header = readSingleHeader(headers, contextHeaderNames[member]);
    if (header.kind === 'malformed') return { kind: 'malformed', header: contextHeaderNames[member] };
    if (header.kind === 'value') values[member] = header.value;
  }
  return { kind: 'read', ...values };
}

type ContextMember = keyof typeof contextHeaderNames;

const isRaw = (headers: SeenHeaders): headers is readonly string[] => Array.isArray(headers);

function rawValues(headers: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const candidate = headers[index] as string;
    if (candidate.length === name.length && candidate.toLowerCase() === name)
      values.push(headers[index + 1] as string);
  }
  return values;
}
