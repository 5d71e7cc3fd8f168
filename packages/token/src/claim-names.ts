/** The long names under which claims of the original travel, and the short ones that mean the same. @module */

/** Who the token is for. */
export const nameClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name';
/** The token's own id: a random GUID, the hash of nothing. */
export const hashClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/hash';
export const roleClaim = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';
export const nameIdentifierClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier';

/** Claims that give a principal its name. */
export const nameClaims: readonly string[] = [nameClaim, 'unique_name'];
/** Claims that give a principal its roles. */
export const roleClaims: readonly string[] = [roleClaim, 'role', 'roles'];
