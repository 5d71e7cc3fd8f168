/** Whether a guard may start with the signing key that everybody knows. @module */

export class DefaultSigningKeyError extends Error {
  override readonly name: 'DefaultSigningKeyError' = 'DefaultSigningKeyError';

  constructor() {
    super(
      'the signing key is the default one, which everybody knows. Give jwt() and grantJsonWebToken() a signingKey of your own; ' +
        'to accept the default one all the same, create the guard with allowDefaultSigningKey: true',
    );
  }
}

/**
 * @param allow the guard's option; undefined: it depends on the environment
 * @param nodeEnv null: no environment can be read, which counts as production
 */
export function mayUseDefaultKey(allow: boolean | undefined, nodeEnv: string | null): boolean {
  if (allow !== undefined) return allow;
  return nodeEnv !== null && nodeEnv.trim().toLowerCase() !== 'production';
}

/** Some runtimes have no environment, or ask before it is read. Unset is empty. */
export function readNodeEnv(): string | null {
  try {
    return process.env.NODE_ENV ?? '';
  } catch {
    return null;
  }
}
