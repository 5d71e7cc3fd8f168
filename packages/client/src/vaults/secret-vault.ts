/** The operations that every kind of vault has. @module */

/** A place that keeps secrets by name. */
export interface SecretVault {
  /** `[A-Za-z0-9_-]{1,64}`, as it is registered. */
  readonly name: string;
  readonly kind: string;
  readonly writable: boolean;
  /** @returns null: it has no secret of that name @throws {VaultError} */
  get(name: string): Promise<string | null>;
  /**
   * Replaces what is there, unless `noClobber`.
   *
   * @throws {VaultError} `exists`, with `noClobber` and a secret of that name
   */
  set(name: string, value: string, options?: SetOptions): Promise<void>;
  /** @returns whether there was one @throws {VaultError} */
  delete(name: string): Promise<boolean>;
  /** Names only, never values, in alphabetical order. @throws {VaultError} */
  list(): Promise<readonly string[]>;
  /** Fails now if `set` would fail, so that nothing is spent for a value that cannot be kept. @throws {VaultError} */
  prepareWrite?(name: string): Promise<void>;
}

export interface SetOptions {
  readonly noClobber?: boolean;
}

/** What reads a secret: a vault, or all of them in their order. */
export type SecretReader = Pick<SecretVault, 'get'>;
