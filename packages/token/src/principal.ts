/** Who bears a token, as a protected program sees them. @module */
import { type Claim, claimList } from './claim-list.ts';
import { hashClaim, nameClaims, roleClaims } from './claim-names.ts';
import type { Claims } from './claims.ts';

/** The domain and tenant that a request acts in; null: in none. */
export interface PrincipalScope {
  readonly domain: string | null;
  readonly tenantId: string | null;
}

/** One object for all requests with the same token: nothing in it can be changed. */
export interface Principal {
  /** Null: the anonymous principal of a public endpoint, or a token that names nobody. */
  readonly userName: string | null;
  /** Compared exactly; without repetitions, in the token's order. */
  readonly roles: readonly string[];
  readonly claims: readonly Claim[];
  /** The id of a granted token. */
  readonly hash: string | null;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly audiences: readonly string[];
  readonly expiresAt: Date | null;
  /** Null where the system that made the token knows neither domains nor tenants. */
  readonly scope: PrincipalScope | null;
  /** The first value of that claim as text, else null. */
  claim(type: string): string | null;
  /** Of an array, any element counts. */
  hasClaim(type: string, value: string): boolean;
  isInRole(role: string): boolean;
  toJSON(): object;
}

/** What a principal is made of where its token's claims do not say it in the usual words. */
export interface PrincipalDetails {
  readonly userName?: string | null;
  readonly roles?: readonly string[];
  readonly scope?: PrincipalScope | null;
}

/** @param claims of a token that is verified, in the order in which they are to be listed */
export function principalOf(claims: Claims, details: PrincipalDetails = {}): Principal {
  return new ClaimsPrincipal(claims, details);
}

/** Everything beyond the claims is read when it is first asked for: most handlers ask for a name and a role. */
class ClaimsPrincipal implements Principal {
  readonly #members: Claims;
  readonly #details: PrincipalDetails;
  #claims: readonly Claim[] | null = null;
  #roles: readonly string[] | null = null;
  #userName: string | null | undefined;

  constructor(members: Claims, details: PrincipalDetails) {
    this.#members = members;
    this.#details = details;
  }

  get userName(): string | null {
    if (this.#userName === undefined) this.#userName = this.#details.userName ?? this.#first(nameClaims);
    return this.#userName;
  }

  get roles(): readonly string[] {
    this.#roles ??= Object.freeze([...new Set(this.#details.roles ?? this.#all(roleClaims))]);
    return this.#roles;
  }

  get claims(): readonly Claim[] {
    this.#claims ??= claimList(Object.entries(this.#members));
    return this.#claims;
  }

  get hash(): string | null {
    return textOrNull(this.#members[hashClaim]);
  }

  get subject(): string | null {
    return textOrNull(this.#members.sub);
  }

  get issuer(): string | null {
    return textOrNull(this.#members.iss);
  }

  get audiences(): readonly string[] {
    return this.#all(['aud']);
  }

  /** A copy at every call, since a date can be changed. */
  get expiresAt(): Date | null {
    const { exp } = this.#members;
    return typeof exp === 'number' ? new Date(exp * 1000) : null;
  }

  get scope(): PrincipalScope | null {
    return this.#details.scope ?? null;
  }

  claim(type: string): string | null {
    return this.claims.find((claim) => claim.type === type)?.value ?? null;
  }

  hasClaim(type: string, value: string): boolean {
    return this.claims.some((claim) => claim.type === type && claim.value === value);
  }

  isInRole(role: string): boolean {
    return this.roles.includes(role);
  }

  toJSON(): object {
    const { userName, roles, hash, subject, issuer, audiences, expiresAt, scope, claims } = this;
    return { userName, roles, hash, subject, issuer, audiences, expiresAt, scope, claims };
  }

  #first(types: readonly string[]): string | null {
    return this.#all(types)[0] ?? null;
  }

  #all(types: readonly string[]): readonly string[] {
    const named = Object.entries(this.#members).filter(([type]) => types.includes(type));
    return Object.freeze(claimList(named).flatMap(({ value }) => (value === '' ? [] : [value])));
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Whom a public endpoint sees, whatever credentials the request carries. */
export const anonymous: Principal = new ClaimsPrincipal({}, {});
