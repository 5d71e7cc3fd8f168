/** `@tessera/guard`: protects an API with access tokens. @module */
export { type BearerChallenge, type BearerErrorCode, bearerChallenge } from './bearer-challenge.ts';
export { type BearerCredential, readBearerToken } from './bearer-token.ts';
