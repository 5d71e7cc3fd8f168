/** What a caller has given cannot be. @module */

/** A name, an address, an option that is none: a mistake of who called. Its message never repeats a secret. */
export class InputError extends TypeError {
  override readonly name: 'InputError' = 'InputError';
}
