/** Branded ids: a session's id cannot be handed where a user's is wanted. All are lower-case UUID texts. @module */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type SessionId = Branded<'session'>;
export type UserId = Branded<'user'>;
export type DomainId = Branded<'domain'>;
export type TenantId = Branded<'tenant'>;
export type RoleId = Branded<'role'>;
export type ApplicationId = Branded<'application'>;

/** The domain that always exists; users, groups and tokens are in it unless another is named. */
export const rootDomainId: DomainId = '00000000-0000-0000-0000-000000000000' as DomainId;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is a lower-case UUID, of any version. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
