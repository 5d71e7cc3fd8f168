/** Why a call with an API token came to nothing, beside what the vault and the network say. @module */

/** The server takes neither the pair nor its successor, or not this user and password. */
export class NotAuthenticatedError extends Error {
  override readonly name: 'NotAuthenticatedError' = 'NotAuthenticatedError';
}
